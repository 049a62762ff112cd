// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// What stands before the elements of a NPY file (NumPy's format, versions 1 to 3):
///   "\x93NUMPY", version as two bytes, length of the rest, least significant byte first (version 1: two bytes, later
///   ones: four), a Python dictionary, spaces, a line end.
inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// The dictionary.
struct NpyHeader {
    std::string type; ///< "<f4" as NumPy names it; of a record, as it is written
    bool columns_first = false;
    std::vector<std::uint64_t> shape;
};

/// Reads the dictionary. Errors: std::invalid_argument, whose text is what is wrong with it.
[[nodiscard]] NpyHeader parse_npy_header(std::string_view text);

/// A whole header, of version 1, for `rows` elements of the type `type`, which is written as it is: "'<f4'", or the
/// list of a record.
[[nodiscard]] std::string npy_header(std::string_view type, std::uint64_t rows);

} // namespace retort::framework
