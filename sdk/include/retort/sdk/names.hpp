// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::sdk {

/// Number of insertions, deletions and substitutions that turn `a` into `b` (Levenshtein 1966).
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

/// `name` in double quotes.
[[nodiscard]] inline std::string quoted(std::string_view name) {
    std::string result(1, '"');
    result += name;
    result += '"';
    return result;
}

/// What to say about a name that is not there: `there is no tap "hidden.7"; allowed: hidden.0, logits (nearest:
/// hidden.0)`.
[[nodiscard]] inline std::string unknown_name(std::string_view what, std::string_view found,
                                              std::span<const std::string_view> allowed) {
    std::string message = "there is no " + std::string(what) + " " + quoted(found) + "; allowed: ";
    std::string_view nearest;
    std::size_t distance = std::numeric_limits<std::size_t>::max();
    for (const std::string_view name : allowed) {
        message += (nearest.empty() ? "" : ", ") + std::string(name);
        if (const std::size_t candidate = edit_distance(found, name); candidate < distance) {
            distance = candidate;
            nearest = name;
        }
    }
    if (allowed.empty())
        return message + "none";
    return message + " (nearest: " + std::string(nearest) + ")";
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
