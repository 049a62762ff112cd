// SPDX-License-Identifier: Apache-2.0
#include "plugins.hpp"

#include <retort/sdk/names.hpp>

#include <algorithm>
#include <iostream>

namespace retort::host {

namespace {

framework::Manifest read_manifest(const Arguments &arguments, const framework::Registry &registry,
                                  std::vector<std::string> &warnings) {
    framework::Manifest manifest = framework::Manifest::read(arguments.manifest);
    for (const std::string &assignment : arguments.set) {
        const std::vector<std::string> dropped = manifest.set(assignment, registry);
        if (dropped.empty())
            continue;
        std::string warning = "--set " + assignment + " drops settings that the new type lacks:";
        for (const std::string &pointer : dropped)
            warning += ' ' + pointer;
        warnings.push_back(std::move(warning));
    }
    return manifest;
}

} // namespace

Plugins load_plugins(const Arguments &arguments) {
    Plugins plugins;
    const auto folders = framework::plugin_search_path(arguments.plugin_path, framework::executable_path());
    plugins.rejected = framework::load_plugins(plugins.registry, folders, arguments.plugin_path);
    return plugins;
}

void check_role(const std::string &role) {
    const auto &roles = framework::roles;
    if (std::find(roles.begin(), roles.end(), role) == roles.end())
        throw framework::Error(framework::ErrorCode::usage, {},
                               sdk::unknown_name("role", role, {roles.begin(), roles.end()}));
}

std::string rejection_text(const framework::Rejected &rejected) {
    return rejected.file.string() + " was not loaded: " + rejected.reason;
}

framework::Plan read_plan(const Arguments &arguments, const Plugins &plugins, std::vector<std::string> &warnings) {
    try {
        return framework::read_plan(read_manifest(arguments, plugins.registry, warnings), plugins.registry);
    } catch (const framework::Error &) {
        for (const framework::Rejected &rejected : plugins.rejected)
            std::cerr << "note: " << rejection_text(rejected) << '\n';
        throw;
    }
}

} // namespace retort::host
