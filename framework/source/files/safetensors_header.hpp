// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/trainable.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// Where a tensor's values lie in a file.
struct TensorPlace {
    std::uint64_t begin = 0; ///< counted from the first byte after the header
    std::uint64_t end = 0;
};

/// The header for `parameters`, padded with spaces so that the values after it are aligned to 8 bytes.
[[nodiscard]] std::string safetensors_header(const sdk::Parameters &parameters);

/// The parsed header of a file and what is needed to check it.
struct TensorFile {
    std::string name; ///< for errors
    boost::json::object header;
    std::uint64_t values_begin = 0; ///< in the file
    std::uint64_t values_size = 0;  ///< bytes
};

/// Reads the header. Errors: ErrorCode::data.
[[nodiscard]] TensorFile read_tensor_file(const std::filesystem::path &file);

/// Where each tensor of the table lies. Errors: ErrorCode::data when the file does not hold exactly these.
[[nodiscard]] std::vector<TensorPlace> find_tensors(const TensorFile &file, std::span<const sdk::Parameter> table);

} // namespace retort::framework
