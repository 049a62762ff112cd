// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// The JSON pointer (RFC 6901) of the member or element `token` of what `pointer` leads to.
[[nodiscard]] std::string pointer_to(const std::string &pointer, std::string_view token);

/// The tokens of a pointer that begins with "/", "~0" and "~1" decoded. Another "~" is std::invalid_argument.
[[nodiscard]] std::vector<std::string> pointer_tokens(std::string_view pointer);

} // namespace retort::framework
