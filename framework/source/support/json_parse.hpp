// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace retort::framework {

/// Parses strict JSON of UTF-8 text, at most 64 levels deep. Errors: ErrorCode::manifest at "name:line:column" (both
/// counted from 1, columns in bytes) for a syntax error, or for every key that stands twice in one object.
[[nodiscard]] boost::json::value parse_json(std::string_view text, const std::string &name);

/// True if `text` is one JSON value, whatever its keys.
[[nodiscard]] bool is_json(std::string_view text);

} // namespace retort::framework
