// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::host {

/// `value` with `digits` significant digits: "0.0123".
[[nodiscard]] std::string significant(double value, int digits = 4);

/// `value` with `digits` after the point: "98.42".
[[nodiscard]] std::string fixed(double value, int digits);

/// A span of time: "8 s", "3:05", "1:02:03".
[[nodiscard]] std::string duration_text(double seconds);

/// A table in columns as wide as their widest cell, two spaces apart, the first row underlined. `left`: how many of the
/// first columns are aligned left; the others, numbers, are aligned right.
[[nodiscard]] std::string table_text(const std::vector<std::vector<std::string>> &rows, std::size_t left);

/// `text` broken at spaces into lines of at most `width`, each after `indent` spaces.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 100);

} // namespace retort::host
