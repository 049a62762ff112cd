// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace retort::framework {

/// Appends the shortest decimal number that is read as the same value.
template <class Number> void append_number(std::string &text, Number number) {
    std::array<char, 32> digits; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text.append(digits.data(), end);
}

} // namespace retort::framework
