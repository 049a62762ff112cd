// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "text.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/pins.hpp>
#include <retort/sdk/names.hpp>

#include <boost/json/array.hpp>

#include <iostream>
#include <set>

namespace retort::host {

namespace {

/// Plugins that the plan uses and that have no file to pin: "a, b"; empty if there are none.
std::string not_pinned(const framework::Plan &plan) {
    std::set<std::string> names;
    for (const framework::Entry *entry : plan.used)
        if (entry->sha256.empty())
            names.insert(entry->plugin);
    return sdk::joined({names.begin(), names.end()});
}

} // namespace

void lock(const Arguments &arguments) {
    Plugins plugins = load_plugins(arguments);
    plugins.manifest->forget_pins(); // new ones take their place
    std::vector<std::string> warnings;
    const framework::Plan plan = read_plan(arguments, plugins, warnings);
    for (const std::string &warning : warnings)
        std::cerr << "warning: " << warning << '\n';
    if (const std::string names = not_pinned(plan); !names.empty())
        std::cerr << "warning: not pinned, being part of this program: " << names << '\n';
    const std::vector<framework::Pin> pins = framework::lock_manifest(arguments.manifest, plan);
    if (arguments.json) {
        boost::json::array list;
        for (const framework::Pin &pin : pins)
            list.push_back({{"plugin", pin.plugin}, {"sha256", pin.sha256}, {"file", pin.file}});
        std::cout << framework::to_text(list, framework::JsonLayout::pretty);
        return;
    }
    std::vector<std::vector<std::string>> rows{{"plugin", "sha256", "file"}};
    for (const framework::Pin &pin : pins)
        rows.push_back({pin.plugin, pin.sha256, pin.file});
    std::cout << table_text(rows, 3);
}

} // namespace retort::host
