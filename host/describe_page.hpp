// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace retort::host {

/// What framework::describe says, as a page for people: every setting with type, default, range and documentation.
/// Where the plugin lies is not in it: the page is that of the component, wherever it is linked.
[[nodiscard]] std::string describe_page(const boost::json::object &description);

} // namespace retort::host
