// SPDX-License-Identifier: Apache-2.0
#include "safetensors_header.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <optional>

namespace retort::framework {

namespace {

constexpr std::uint64_t longest_header = 100'000'000; // as in the reference implementation
constexpr std::string_view metadata_key = "__metadata__";

std::string shape_text(std::span<const std::size_t> shape) {
    std::string text = "[";
    for (const std::size_t extent : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + "]";
}

std::span<const std::size_t> shape_of(const sdk::Parameter &tensor) {
    return std::span(tensor.shape).first(tensor.dimensions);
}

boost::json::object tensor_entry(const sdk::Parameter &tensor, std::uint64_t begin) {
    boost::json::array shape;
    for (const std::size_t extent : shape_of(tensor))
        shape.emplace_back(extent);
    return {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, begin + tensor.size * sizeof(float)}}};
}

[[noreturn]] void refuse(const std::string &file, const std::string &message) {
    throw Error(ErrorCode::data, file, message);
}

boost::json::object parse_header(const std::string &file, const std::string &text) {
    boost::json::error_code error;
    boost::json::value value = boost::json::parse(text, error);
    if (error)
        refuse(file, "the header of the safetensors file is no JSON: " + error.message());
    if (!value.is_object())
        refuse(file, "the header of the safetensors file is no JSON object");
    return std::move(value.as_object());
}

/// An array of non-negative whole numbers; nothing if it is anything else.
std::optional<std::vector<std::uint64_t>> numbers_at(const boost::json::object &entry, std::string_view key) {
    const boost::json::value *value = entry.if_contains(key);
    if (value == nullptr || !value->is_array())
        return {};
    std::vector<std::uint64_t> numbers;
    for (const boost::json::value &item : value->get_array()) {
        boost::json::error_code error;
        numbers.push_back(item.to_number<std::uint64_t>(error));
        if (error)
            return {};
    }
    return numbers;
}

/// Checks one tensor; an empty message means that it fits.
std::string misfit(const boost::json::value &value, const sdk::Parameter &tensor, std::uint64_t limit,
                   TensorPlace &place) {
    const boost::json::object *entry = value.if_object();
    if (entry == nullptr)
        return "its entry in the header is no JSON object";
    const boost::json::value *type = entry->if_contains("dtype");
    if (type == nullptr || *type != "F32")
        return "dtype is " + (type == nullptr ? "missing" : boost::json::serialize(*type)) + ", expected \"F32\"";
    const auto shape = numbers_at(*entry, "shape");
    if (!shape || !std::equal(shape->begin(), shape->end(), shape_of(tensor).begin(), shape_of(tensor).end()))
        return "shape is " + (shape ? shape_text(*shape) : "missing or malformed") + ", the model has " +
               shape_text(shape_of(tensor));
    const auto offsets = numbers_at(*entry, "data_offsets");
    if (!offsets || offsets->size() != 2)
        return "data_offsets is missing or malformed, expected two whole numbers";
    place = {(*offsets)[0], (*offsets)[1]};
    if (place.end > limit || place.begin > place.end || place.end - place.begin != tensor.size * sizeof(float))
        return "data_offsets is " + shape_text(*offsets) + ", expected " + std::to_string(tensor.size * sizeof(float)) +
               " bytes within the file's " + std::to_string(limit);
    return {};
}

/// The values must follow each other without gap or overlap, from the first byte to the last.
bool tile(std::vector<TensorPlace> places, std::uint64_t size) {
    std::sort(places.begin(), places.end(), [](const auto &a, const auto &b) { return a.begin < b.begin; });
    std::uint64_t reached = 0;
    for (const TensorPlace &place : places) {
        if (place.begin != reached)
            return false;
        reached = place.end;
    }
    return reached == size;
}

std::vector<Problem> unknown_tensors(const TensorFile &file, std::span<const sdk::Parameter> table) {
    std::vector<Problem> problems;
    for (const auto &item : file.header) {
        const std::string_view name = item.key();
        if (name != metadata_key && std::none_of(table.begin(), table.end(), [&](auto &t) { return t.name == name; }))
            problems.push_back({file.name, "tensor '" + std::string(name) + "' is unknown: the model has none"});
    }
    return problems;
}

} // namespace

std::string safetensors_header(const sdk::Parameters &parameters) {
    boost::json::object header{{metadata_key, {{"format", "pt"}}}};
    std::uint64_t begin = 0;
    for (const sdk::Parameter &tensor : parameters.table) {
        header[tensor.name] = tensor_entry(tensor, begin);
        begin += tensor.size * sizeof(float);
    }
    std::string text = boost::json::serialize(header);
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

TensorFile read_tensor_file(const std::filesystem::path &path) {
    const std::string file = path.string();
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(path, error);
    if (error) // opening a pipe would wait for its writer
        refuse(file, "the file cannot be read: " + error.message());
    std::ifstream in(path, std::ios::binary);
    if (!in)
        refuse(file, "the file cannot be read");
    std::uint64_t length = 0;
    if (size < sizeof(length) || !in.read(reinterpret_cast<char *>(&length), sizeof(length)))
        refuse(file, "the file has " + std::to_string(size) + " bytes: too short for a safetensors file");
    if (length > longest_header || length > size - sizeof(length))
        refuse(file, "the header would be " + std::to_string(length) + " bytes long in a file of " +
                         std::to_string(size) + ": truncated, or no safetensors file");
    std::string text(length, '\0');
    if (!in.read(text.data(), static_cast<std::streamsize>(length)))
        refuse(file, "the header cannot be read");
    return {file, parse_header(file, text), sizeof(length) + length, size - sizeof(length) - length};
}

std::vector<TensorPlace> find_tensors(const TensorFile &file, std::span<const sdk::Parameter> table) {
    std::vector<Problem> problems;
    std::vector<TensorPlace> places(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const boost::json::value *entry = file.header.if_contains(table[i].name);
        const std::string message = entry == nullptr
                                        ? "missing; the model has it with shape " + shape_text(shape_of(table[i]))
                                        : misfit(*entry, table[i], file.values_size, places[i]);
        if (!message.empty())
            problems.push_back({file.name, "tensor '" + std::string(table[i].name) + "': " + message});
    }
    for (Problem &problem : unknown_tensors(file, table))
        problems.push_back(std::move(problem));
    if (problems.empty() && !tile(places, file.values_size))
        problems.push_back({file.name, "the tensors' data_offsets overlap, or leave bytes that belong to none"});
    if (!problems.empty())
        throw Error(ErrorCode::data, std::move(problems));
    return places;
}

} // namespace retort::framework
