// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace retort::framework {

/// Names of the symbols in the symbol table of the shared library `file`, read without opening it as a library. Works
/// on stripped ones. Errors: Refused, saying why the file is no complete shared library for this machine. Any
/// bytes are safe to read: offsets and sizes are checked before use, and memory stays within a small multiple of the
/// file's size.
[[nodiscard]] std::vector<std::string> library_symbols(const std::filesystem::path &file);

} // namespace retort::framework
