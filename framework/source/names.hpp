// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// The candidate that `name` was probably meant to be: the fewest letters inserted, left out, replaced or swapped with
/// a neighbour, and at most a third of them. Empty if none is near.
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string> &candidates);

/// What is said about a name that does not exist: `there is no head "pont"; did you mean "point"? Available: point,
/// random_projection`. A long list is left out where a near name was found.
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view name,
                                       const std::vector<std::string> &available);

/// The same about the value of a setting with a fixed list of values.
[[nodiscard]] std::string unknown_choice(std::string_view name, const std::vector<std::string> &allowed);

/// "a, b, c".
[[nodiscard]] std::string joined(const std::vector<std::string> &names);

/// Why `name` may not name something in a manifest, as `...; allowed: ...`; empty if it may. Names become parts of
/// paths, columns and pointers: they are letters, digits, _ and -, and never all digits, which would be an index.
[[nodiscard]] std::string name_mistake(std::string_view name);

} // namespace retort::framework
