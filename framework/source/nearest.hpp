// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string
/// alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The first of `names` (any range of strings) with the smallest edit distance to `name`; empty when even that one
/// differs in more than a third of its letters, and at least two.
template <class Names> [[nodiscard]] std::string nearest(std::string_view name, const Names &names) {
    std::string best;
    std::size_t smallest = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string_view candidate : names) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < smallest && distance < candidate.size()) {
            smallest = distance;
            best = candidate;
        }
    }
    return best;
}

/// What follows "there is no ..." in a message: `; did you mean "mlp"? There is: mlp, paired`. `names`: any range of
/// strings.
template <class Names> [[nodiscard]] std::string suggestion(std::string_view name, const Names &names) {
    std::string list;
    for (const std::string_view candidate : names)
        list.append(list.empty() ? "" : ", ").append(candidate);
    const std::string close = nearest(name, names);
    return (close.empty() ? ". " : "; did you mean \"" + close + "\"? ") +
           (list.empty() ? "There is none" : "There is: " + list);
}

} // namespace retort::framework
