// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "text.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/pins.hpp>

#include <boost/json/array.hpp>

#include <iostream>

namespace retort::host {

void lock(const Arguments &arguments) {
    Plugins plugins = load_plugins(arguments);
    plugins.manifest->forget_pins(); // new ones take their place
    std::vector<std::string> warnings;
    const framework::Plan plan = read_plan(arguments, plugins, warnings);
    for (const std::string &warning : warnings)
        std::cerr << "warning: " << warning << '\n';
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
