// SPDX-License-Identifier: Apache-2.0
#include "plugin_json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>

namespace retort::host {

std::vector<const framework::Entry *> offers_of(const framework::PluginFile &file,
                                                const framework::Registry &registry) {
    std::vector<const framework::Entry *> offers;
    if (file.loaded()) {
        const auto entries = registry.entries();
        std::copy_if(entries.begin(), entries.end(), std::back_inserter(offers),
                     [&](const framework::Entry *entry) { return entry->plugin == file.plugin; });
    }
    return offers;
}

std::string_view status_of(const framework::PluginFile &file) {
    if (file.loaded())
        return "loaded";
    return file.shadowed() ? "shadowed" : "refused";
}

boost::json::object plugin_json(const framework::PluginFile &file, const framework::Registry &registry) {
    boost::json::array offers;
    for (const framework::Entry *entry : offers_of(file, registry))
        offers.push_back(
            {{"role", entry->role}, {"name", registry.spelling(*entry)}, {"documentation", entry->documentation}});
    return {{"file", file.file.string()}, {"plugin", file.plugin},      {"version", file.version},
            {"sha256", file.sha256},      {"status", status_of(file)},  {"code", name_of(file.refusal)},
            {"reason", file.reason},      {"offers", std::move(offers)}};
}

} // namespace retort::host
