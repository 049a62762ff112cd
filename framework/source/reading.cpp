// SPDX-License-Identifier: Apache-2.0
#include "reading.hpp"

#include <algorithm>

namespace retort::framework {

void Reading::use(const Entry &entry) {
    if (std::find(used.begin(), used.end(), &entry) == used.end())
        used.push_back(&entry);
}

std::vector<std::string> Reading::offered(std::string_view role) const {
    std::vector<std::string> result;
    for (const Entry *entry : registry.entries(role))
        result.push_back(entry->name);
    return result;
}

} // namespace retort::framework
