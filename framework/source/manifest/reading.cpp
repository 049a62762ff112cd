// SPDX-License-Identifier: Apache-2.0
#include "reading.hpp"

#include <algorithm>

namespace retort::framework {

void Reading::use(const Entry &entry, const std::string &pointer) {
    uses.emplace_back(pointer, &entry);
    if (std::find(used.begin(), used.end(), &entry) == used.end())
        used.push_back(&entry);
}

std::vector<std::string> Reading::plugins_below(const std::string &pointer) const {
    std::vector<std::string> names;
    for (const auto &[place, entry] : uses)
        if ((place + "/").starts_with(pointer + "/") &&
            std::find(names.begin(), names.end(), entry->plugin) == names.end())
            names.push_back(entry->plugin);
    return names;
}

std::map<std::string, std::string> Reading::places_below(const std::string &pointer) const {
    std::map<std::string, std::string> places;
    for (const auto &[place, entry] : uses)
        if ((place + "/").starts_with(pointer + "/"))
            places.emplace(place, entry->plugin);
    return places;
}

std::vector<std::string> Reading::offered(std::string_view role) const {
    std::vector<std::string> result;
    for (const Entry *entry : registry.entries(role))
        result.push_back(registry.spelling(*entry));
    return result;
}

} // namespace retort::framework
