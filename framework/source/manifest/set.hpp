// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// A value for a place in a manifest.
struct Assignment {
    std::string path; ///< JSON pointer that begins with "/"; elements of lists may go by their names
    boost::json::value value;
};

/// What was assigned.
struct Assigned {
    std::string path;                 ///< of the assignment
    std::string pointer;              ///< the same, elements of lists by their numbers
    std::vector<std::string> dropped; ///< pointers to settings that a new type lacks
};

/// Parses `path=value`. Errors: ErrorCode::usage.
[[nodiscard]] Assignment parse_assignment(std::string_view text);

/// Makes an assignment in the manifest `root`, as Manifest::set does.
Assigned assign(boost::json::value &root, Assignment assignment, const Registry &registry);

} // namespace retort::framework
