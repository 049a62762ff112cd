// SPDX-License-Identifier: Apache-2.0
#include "missing_keys.hpp"

#include "pointer.hpp"

#include <algorithm>

namespace retort::framework {

std::vector<std::string> missing_keys(const Reading &reading) {
    std::vector<std::string> keys;
    for (const Problem &problem : reading.problems) {
        if (problem.where.empty())
            continue;
        const std::string key = pointer_tokens(problem.where).front();
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            keys.push_back(key);
    }
    return keys;
}

} // namespace retort::framework
