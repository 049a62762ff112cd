// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace retort::framework {

/// The JSON object `text` with the member `key` of its root set to `value`, where it stands or else at the end. Every
/// other byte is as it was. `text` must be valid.
[[nodiscard]] std::string with_member(std::string_view text, std::string_view key, const boost::json::object &value);

} // namespace retort::framework
