// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace retort::framework {

/// SHA-256 of a file's bytes in hexadecimal; empty when it cannot be read.
[[nodiscard]] std::string sha256_of(const std::filesystem::path &file);

} // namespace retort::framework
