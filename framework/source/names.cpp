// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

#include <retort/sdk/names.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace retort::framework {

namespace {

/// Optimal string alignment distance (Damerau 1964): insertion, deletion, substitution, swap of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
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

constexpr std::size_t long_list = 12;

/// The end of a sentence: the name that was probably meant.
std::string meant(const std::string &near) {
    return near.empty() ? "." : "; did you mean \"" + near + "\"?";
}

} // namespace

std::string nearest(std::string_view name, const std::vector<std::string> &candidates) {
    std::string best;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const std::string &candidate : candidates) {
        const std::size_t allowed = (std::max(name.size(), candidate.size()) + 2) / 3;
        const std::size_t edits = distance(name, candidate);
        if (edits <= allowed && edits < least && edits < candidate.size()) {
            best = candidate;
            least = edits;
        }
    }
    return best;
}

std::string unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string> &available) {
    std::string text = "there is no ";
    text.append(kind).append(" \"").append(name).append("\"");
    if (available.empty())
        return text.append("; none is available");
    const std::string near = nearest(name, available);
    text += meant(near);
    return near.empty() || available.size() <= long_list ? text + " Available: " + joined(available) : text;
}

std::string unknown_choice(std::string_view name, const std::vector<std::string> &allowed) {
    std::string text = "\"";
    text.append(name).append("\" is none of the values").append(meant(nearest(name, allowed)));
    return text + " Allowed: " + joined(allowed);
}

std::string joined(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

std::string name_mistake(std::string_view name) {
    if (sdk::is_part_name(name))
        return {};
    std::string text = "\"";
    return text.append(name).append("\" cannot be a name; allowed: letters, digits, _ and -, but not digits alone");
}

} // namespace retort::framework
