// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/names.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

using sdk::joined;
using sdk::nearest;
using sdk::unknown_name;

/// What `unknown_name` says, about the value of a setting with a fixed list of values.
[[nodiscard]] std::string unknown_choice(std::string_view name, const std::vector<std::string> &allowed);

/// Why `name` may not name something in a manifest, as `...; allowed: ...`; empty if it may. Names become parts of
/// paths, columns and pointers: they are letters, digits, _ and -, and never all digits, which would be an index.
[[nodiscard]] std::string name_mistake(std::string_view name);

/// The names of all that have one, in order.
[[nodiscard]] std::vector<std::string> names_in(const auto &all) {
    std::vector<std::string> names;
    names.reserve(all.size());
    for (const auto &item : all)
        names.push_back(item.name);
    return names;
}

} // namespace retort::framework
