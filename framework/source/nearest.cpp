// SPDX-License-Identifier: Apache-2.0
#include "nearest.hpp"

#include <numeric>

namespace retort::framework {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_previous;
    std::vector<std::size_t> previous;
    std::vector<std::size_t> current(b.size() + 1); // distances of the first i letters of a to each start of b
    std::iota(current.begin(), current.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_previous = previous;
        previous = current;
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substituted});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                current[j] = std::min(current[j], before_previous[j - 2] + 1);
        }
    }
    return current.back();
}

} // namespace retort::framework
