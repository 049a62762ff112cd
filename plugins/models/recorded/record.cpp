// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <fstream>
#include <plugins/models/recorded/record.hpp>
#include <string_view>
#include <system_error>
#include <utility>

namespace retort::model_recorded {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers of NPY are read as they lie in memory");

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::uint64_t longest_header = 1U << 16U;
constexpr std::size_t before_probabilities = 2; ///< label and entropy, of four bytes each
constexpr std::string_view allowed =
    "; allowed: NPY of float32 ('<f4'), [examples, width] in C order, or the records that retort predict writes";

/// What stands behind the key `name` of the dictionary; empty where there is none.
std::string_view value_of(std::string_view dictionary, std::string_view name) {
    const std::string key = "'" + std::string(name) + "':";
    const std::size_t found = dictionary.find(key);
    if (found == dictionary.npos)
        return {};
    std::string_view value = dictionary.substr(found + key.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
}

/// Takes a whole number from the front of `text`, and what stands behind it up to the next; false if there is none.
bool take_number(std::string_view &text, std::uint64_t &number) {
    text.remove_prefix(std::min(text.find_first_not_of("(, "), text.size()));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc();
}

/// The beginning of a header, whatever bytes it has.
std::string shown(std::string_view header) {
    std::string text(header.substr(0, std::min<std::size_t>(header.find_last_not_of(" \n") + 1, 200)));
    std::ranges::replace_if(
        text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

} // namespace

Record::Record(std::filesystem::path path, std::string setting) : path_(std::move(path)), setting_(std::move(setting)) {
    read_header();
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path_, error);
    constexpr std::uint64_t most_rows = std::uint64_t{1} << 40U; // with so many no product below overflows
    constexpr std::uint64_t most_numbers = std::uint64_t{1} << 20U;
    const bool fits = rows_ <= most_rows && stride_ <= most_numbers && size == begin_ + rows_ * stride_ * sizeof(float);
    if (error || !fits)
        fail("has " + std::to_string(size) + " bytes, which are not " + std::to_string(rows_) + " rows of " +
             std::to_string(width_) + " numbers as its header says");
}

void Record::read_header() {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path_, error))
        fail("there is no such file");
    std::ifstream in(path_, std::ios::binary);
    std::array<char, 12> head{};
    in.read(head.data(), 10);
    const auto version = static_cast<unsigned char>(head[6]);
    if (!in || std::string_view(head.data(), magic.size()) != magic || version < 1 || version > 3)
        fail("is no NPY file" + std::string(allowed));
    if (version > 1)
        in.read(&head[10], 2);
    std::uint64_t length = 0;
    for (std::size_t i = version == 1 ? 10 : 12; i-- > 8;)
        length = length << 8U | static_cast<unsigned char>(head[i]);
    if (!in || length > longest_header)
        fail("its header is damaged");
    std::string header(length, '\0');
    if (!in.read(header.data(), static_cast<std::streamsize>(length)))
        fail("its header is damaged");
    begin_ = (version == 1 ? 10 : 12) + length;
    take_shape(header);
}

void Record::take_shape(const std::string &header) {
    constexpr std::string_view records = "[('label', '<i4'), ('entropy', '<f4'), ('probabilities', '<f4', (";
    std::string_view type = value_of(header, "descr");
    std::string_view shape = value_of(header, "shape");
    std::uint64_t width = 0;
    bool sound = value_of(header, "fortran_order").starts_with("False") && take_number(shape, rows_);
    if (type.starts_with("'<f4'")) {
        sound = sound && take_number(shape, width);
        stride_ = width;
    } else {
        sound = sound && type.starts_with(records);
        type.remove_prefix(std::min(records.size(), type.size()));
        sound = sound && take_number(type, width) && type.starts_with(",))]");
        stride_ = width + before_probabilities;
    }
    shape.remove_prefix(std::min(shape.find_first_not_of(", "), shape.size()));
    if (!sound || width == 0 || !shape.starts_with(')'))
        fail("has the header " + shown(header) + std::string(allowed));
    width_ = width;
}

std::vector<float> Record::read() const {
    std::vector<float> all(rows_ * stride_);
    std::ifstream in(path_, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(begin_));
    if (!in.read(reinterpret_cast<char *>(all.data()), static_cast<std::streamsize>(all.size() * sizeof(float))) &&
        !all.empty())
        fail("cannot be read to its end");
    for (std::size_t row = 0; predictions() && row < rows_; ++row)
        std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(row * stride_ + before_probabilities), width_,
                    all.begin() + static_cast<std::ptrdiff_t>(row * width_));
    all.resize(rows_ * width_);
    return all;
}

void Record::fail(const std::string &what) const {
    throw sdk::Error(sdk::ErrorKind::data, path_.string() + ": " + what, setting_);
}

} // namespace retort::model_recorded
