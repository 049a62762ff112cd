// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace retort::observer_figures {

/// A number with seven digits.
[[nodiscard]] inline std::string to_text(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 7).ptr};
}

/// A text as gnuplot reads it.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
    std::string result = "'";
    for (const char character : text)
        result += character == '\'' ? std::string("''") : std::string(1, character);
    return result + "'";
}

} // namespace retort::observer_figures
