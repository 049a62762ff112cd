// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.hpp"
#include "safetensors_header.hpp"

#include <retort/framework/safetensors.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>

namespace retort::framework {

static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

namespace {

void check_finite(const std::filesystem::path &file, const sdk::Parameter &tensor, std::span<const float> values) {
    const auto bad = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (bad != values.end())
        throw Error(ErrorCode::data, file.string(),
                    "tensor '" + std::string(tensor.name) + "' holds " + (std::isnan(*bad) ? "nan" : "infinity") +
                        " at element " + std::to_string(bad - values.begin()) + "; allowed: finite numbers");
}

} // namespace

void write_safetensors(const std::filesystem::path &file, const sdk::Parameters &parameters) {
    const std::string header = safetensors_header(parameters);
    const std::uint64_t size = header.size();
    AtomicFile out(file);
    out.write(&size, sizeof(size));
    out.write(header);
    for (const sdk::Parameter &tensor : parameters.table)
        out.write(parameters.values.data() + tensor.offset, tensor.size * sizeof(float));
    out.commit();
}

void check_safetensors(const std::filesystem::path &file, const sdk::Parameters &parameters) {
    (void)find_tensors(read_tensor_file(file), parameters.table);
}

void read_safetensors(const std::filesystem::path &file, const sdk::Parameters &parameters) {
    const TensorFile tensors = read_tensor_file(file);
    const std::vector<TensorPlace> places = find_tensors(tensors, parameters.table);
    std::vector<char> bytes(tensors.values_size);
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(tensors.values_begin));
    if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        throw Error(ErrorCode::data, file.string(), "the values cannot be read");
    for (std::size_t i = 0; i < places.size(); ++i) {
        const sdk::Parameter &tensor = parameters.table[i];
        char *out = reinterpret_cast<char *>(parameters.values.data() + tensor.offset);
        std::copy_n(bytes.data() + places[i].begin, tensor.size * sizeof(float), out);
        check_finite(file, tensor, parameters.values.subspan(tensor.offset, tensor.size));
    }
}

} // namespace retort::framework
