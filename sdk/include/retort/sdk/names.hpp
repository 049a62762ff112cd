// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::sdk {

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string
/// alignment; Damerau 1964).
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before;
    std::vector<std::size_t> last(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::move(last);
        last = std::move(row);
    }
    return last[b.size()];
}

/// `name` in double quotes.
[[nodiscard]] inline std::string in_quotes(std::string_view name) {
    std::string result(1, '"');
    result += name;
    result += '"';
    return result;
}

/// "a, b, c".
[[nodiscard]] inline std::string joined(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

/// The candidate that `name` was probably meant to be: the fewest edits, and at most a third of its letters. Empty if
/// none is near. No name of more than 100 letters is near any: comparing two takes time in proportion to both.
[[nodiscard]] inline std::string nearest(std::string_view name, const std::vector<std::string> &candidates) {
    constexpr std::size_t longest = 100;
    std::string best;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const std::string &candidate : candidates) {
        const std::size_t letters = std::max(name.size(), candidate.size());
        if (letters > longest)
            continue;
        const std::size_t allowed = (letters + 2) / 3;
        const std::size_t edits = edit_distance(name, candidate);
        if (edits <= allowed && edits < least && edits < candidate.size()) {
            best = candidate;
            least = edits;
        }
    }
    return best;
}

/// What is said about a name that does not exist: `there is no head "pont"; did you mean "point"? Available: point,
/// random_projection`. A long list is left out where a near name was found.
[[nodiscard]] inline std::string unknown_name(std::string_view kind, std::string_view name,
                                              const std::vector<std::string> &available) {
    constexpr std::size_t long_list = 12;
    std::string text = "there is no ";
    text.append(kind).append(" ").append(in_quotes(name));
    if (available.empty())
        return text.append("; none is available");
    const std::string near = nearest(name, available);
    text += near.empty() ? "." : "; did you mean " + in_quotes(near) + "?";
    return near.empty() || available.size() <= long_list ? text + " Available: " + joined(available) : text;
}

/// Whether `name` may name a part of a stage, and so stand in pointers, columns and file names: letters, digits, "_"
/// and "-", not digits alone (those address array elements by their place).
[[nodiscard]] inline bool is_part_name(std::string_view name) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto allowed = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '_' || c == '-';
    };
    return std::all_of(name.begin(), name.end(), allowed) && !std::all_of(name.begin(), name.end(), digit);
}

} // namespace retort::sdk
