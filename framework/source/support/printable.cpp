// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/printable.hpp>

#include <algorithm>
#include <cstddef>

namespace retort::framework {

namespace {

/// Of the UTF-8 sequence at the beginning of `text`, which is not empty; 0 if there is none.
std::size_t length_of_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t length = byte(0) < 0x80                      ? 1
                               : byte(0) >= 0xC2 && byte(0) < 0xE0 ? 2
                               : byte(0) >= 0xE0 && byte(0) < 0xF0 ? 3
                               : byte(0) >= 0xF0 && byte(0) < 0xF5 ? 4
                                                                   : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
    const bool no_character = (byte(0) == 0xED && byte(1) > 0x9F) || (byte(0) == 0xF4 && byte(1) > 0x8F);
    const bool control = byte(0) < 0x20 || byte(0) == 0x7F || (byte(0) == 0xC2 && byte(1) < 0xA0);
    return overlong || no_character || control ? 0 : length;
}

std::string printable(std::string_view text, std::string_view line_break) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = length_of_character(text);
        if (length > 0)
            result += text.substr(0, length);
        else
            result += text.front() == '\n' ? line_break : "?";
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

} // namespace

std::string one_line(std::string_view text) {
    return printable(text.substr(0, text.find_last_not_of("\r\n ") + 1), " | ");
}

std::string printable_lines(std::string_view text) {
    return printable(text, "\n");
}

} // namespace retort::framework
