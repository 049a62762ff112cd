// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/parse.hpp>

#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <support/temporary_folder.hpp>
#include <vector>

namespace retort::test {

struct Tensor {
    std::vector<std::size_t> shape;
    std::vector<float> values;

    bool operator==(const Tensor &) const = default;
};

/// Reads a safetensors file as anybody would who has only its specification at hand: the length of the header, the
/// header, values without gaps.
inline std::map<std::string, Tensor> read_tensors(const std::filesystem::path &path) {
    const std::string bytes = read_file(path);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    const boost::json::value header = boost::json::parse(bytes.substr(sizeof length, length));
    const std::string data = bytes.substr(sizeof length + length);
    std::map<std::string, Tensor> tensors;
    std::size_t covered = 0;
    for (const auto &[name, entry] : header.as_object()) {
        if (name == "__metadata__")
            continue;
        Tensor tensor;
        std::size_t size = 1;
        for (const boost::json::value &extent : entry.at("shape").as_array())
            size *= tensor.shape.emplace_back(extent.to_number<std::size_t>());
        const auto begin = entry.at("data_offsets").at(0).to_number<std::size_t>();
        const auto end = entry.at("data_offsets").at(1).to_number<std::size_t>();
        if (entry.at("dtype") != "F32" || end - begin != 4 * size || end > data.size())
            throw std::runtime_error(path.string() + " misplaces " + std::string(name));
        tensor.values.resize(size);
        std::memcpy(tensor.values.data(), data.data() + begin, 4 * size);
        covered += 4 * size;
        tensors.emplace(name, std::move(tensor));
    }
    if (covered != data.size())
        throw std::runtime_error(path.string() + " holds more than its tensors");
    return tensors;
}

} // namespace retort::test
