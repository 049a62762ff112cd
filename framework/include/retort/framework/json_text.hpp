// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace retort::framework {

enum class JsonLayout {
    line,  ///< everything on one line
    pretty ///< a member a line, two spaces of indentation; what is short stays on one line
};

/// `value` as JSON text. Numbers are the shortest that read back the same; not a number and infinities become null.
[[nodiscard]] std::string to_text(const boost::json::value &value, JsonLayout layout = JsonLayout::line);

} // namespace retort::framework
