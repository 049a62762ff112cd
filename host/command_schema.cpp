// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/schema.hpp>

#include <iostream>

namespace retort::host {

void schema(const Arguments &arguments) {
    const Plugins plugins = load_plugins(arguments);
    for (const framework::PluginFile &refused : plugins.refused())
        std::cerr << "warning: " << rejection_text(refused) << '\n';
    std::cout << framework::to_text(framework::manifest_schema(plugins.registry), framework::JsonLayout::pretty);
}

} // namespace retort::host
