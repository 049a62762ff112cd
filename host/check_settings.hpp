// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace retort::host {

/// Puts `value` at a JSON pointer below `root`, making objects on the way, and lists for tokens that are numbers.
void put_at(boost::json::object &root, std::string_view pointer, const boost::json::value &value);

/// The settings that `--set /setting=VALUE` gave to the component under check; a value is JSON if it parses, else text.
/// Errors: ErrorCode::usage for a malformed assignment.
[[nodiscard]] boost::json::object settings_object(const std::vector<std::string> &assignments);

} // namespace retort::host
