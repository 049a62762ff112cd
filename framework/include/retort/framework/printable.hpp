// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace retort::framework {

/// Text from elsewhere in one line that is safe to print and to put into JSON: line breaks inside it become " | ",
/// other control characters and what is no UTF-8 become "?", each byte one; none stay at its end.
[[nodiscard]] std::string one_line(std::string_view text);

/// The same of several lines: line breaks stay, also at the end.
[[nodiscard]] std::string printable_lines(std::string_view text);

} // namespace retort::framework
