// SPDX-License-Identifier: Apache-2.0
// A file of weights: for a model of its own, and for one that has exactly the tensors that it claims to have.
#include "target.hpp"

#include <retort/framework/safetensors.hpp>
#include <retort/sdk/arena.hpp>

#include <boost/json/array.hpp>

#include <cmath>
#include <cstring>
#include <framework/source/files/safetensors_header.hpp>
#include <support/temporary_folder.hpp>

using namespace retort;
using framework::ErrorCode;
using fuzz::check;
namespace json = boost::json;

namespace {

/// The extents of a claimed tensor of one or two dimensions; empty for any other and for more than `most` elements.
std::vector<std::size_t> claimed_shape(const json::value &entry, std::size_t most) {
    const json::object *object = entry.if_object();
    const json::value *shape = object == nullptr ? nullptr : object->if_contains("shape");
    if (shape == nullptr || !shape->is_array() || shape->get_array().empty() || shape->get_array().size() > 2)
        return {};
    std::vector<std::size_t> extents;
    for (const json::value &extent : shape->get_array()) {
        if (!extent.is_int64() || extent.get_int64() < 1 || extent.get_int64() > static_cast<std::int64_t>(most))
            return {};
        extents.push_back(static_cast<std::size_t>(extent.get_int64()));
        most /= extents.back();
    }
    return extents;
}

/// A model that is as the file claims.
sdk::Arena arena_for(const framework::TensorFile &file) {
    sdk::Arena arena;
    for (const auto &[name, entry] : file.header) {
        const std::vector<std::size_t> extents = claimed_shape(entry, file.values_size);
        if (extents.size() == 1)
            arena.add(std::string(name), {extents[0]}, false);
        else if (extents.size() == 2)
            arena.add(std::string(name), {extents[0], extents[1]}, false);
    }
    arena.allocate();
    return arena;
}

sdk::Arena fixed_arena() {
    sdk::Arena arena;
    arena.add("layers.0.weight", {5, 1}, true);
    arena.add("layers.0.bias", {2}, false);
    arena.allocate();
    return arena;
}

std::string written(const sdk::Parameters &parameters) {
    const std::filesystem::path path = fuzz::scratch("written");
    framework::write_safetensors(path, parameters);
    return test::read_file(path);
}

/// What was read is finite, and is written and read again to the same bytes.
void check_values(const sdk::Arena &arena, const sdk::Arena &other) {
    for (const float value : arena.parameters().values)
        check(std::isfinite(value), "weights that are no finite numbers");
    const std::string bytes = written(arena.parameters());
    framework::read_safetensors(fuzz::scratch("written"), other.parameters());
    check(std::memcmp(arena.parameters().values.data(), other.parameters().values.data(),
                      arena.parameters().values.size_bytes()) == 0,
          "weights are read otherwise than they were written");
    check(written(other.parameters()) == bytes, "the same weights are written otherwise");
}

void read(const std::filesystem::path &path, const sdk::Arena &arena, const sdk::Arena &other) {
    const bool fits = fuzz::accepts({ErrorCode::data}, [&] { framework::check_safetensors(path, arena.parameters()); });
    const bool accepted =
        fuzz::accepts({ErrorCode::data}, [&] { framework::read_safetensors(path, arena.parameters()); });
    check(fits || !accepted, "a file that does not fit is read all the same");
    if (accepted)
        check_values(arena, other);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::filesystem::path path = fuzz::scratch("input");
    test::write_file(path, fuzz::text_of(data, size));
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 1000)); // an unknown tensor takes a sentence
    read(path, fixed_arena(), fixed_arena());
    framework::TensorFile file;
    if (fuzz::accepts({ErrorCode::data}, [&] { file = framework::read_tensor_file(path); }))
        read(path, arena_for(file), arena_for(file));
    return 0;
}
