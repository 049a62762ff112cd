// SPDX-License-Identifier: Apache-2.0
#include "plugins.hpp"

#include <retort/framework/pins.hpp>
#include <retort/sdk/names.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>

namespace retort::host {

namespace {

framework::Manifest with_assignments(const Arguments &arguments, framework::Manifest manifest, const Plugins &plugins,
                                     std::vector<std::string> &warnings) {
    for (const std::string &assignment : arguments.set) {
        const std::vector<std::string> dropped = manifest.set(assignment, plugins.registry);
        if (dropped.empty())
            continue;
        std::string warning = "--set " + assignment + " drops settings that the new type lacks:";
        for (const std::string &pointer : dropped)
            warning += ' ' + pointer;
        warnings.push_back(std::move(warning));
    }
    return manifest;
}

/// The manifest's pins, as `--set` leaves them: before any plugin is there, so that no other assignment can be applied.
std::map<std::string, std::string> pins_for(const Arguments &arguments, framework::Manifest manifest) {
    const framework::Registry none;
    for (const std::string &assignment : arguments.set)
        if (assignment.starts_with("/plugins"))
            manifest.set(assignment, none);
    return framework::pins_of(manifest);
}

/// A plugin that the plan uses and that was refused in an earlier folder: the author may have meant that one.
std::vector<std::string> stand_ins(const Plugins &plugins, const framework::Plan &plan) {
    std::vector<std::string> warnings;
    for (const framework::PluginFile &refused : plugins.refused())
        for (const framework::Entry *entry : plan.used)
            if (entry->plugin == refused.plugin && !entry->file.empty()) {
                warnings.push_back(rejection_text(refused) + "; " + entry->file + " is used in its place");
                break;
            }
    return warnings;
}

bool is_role(const std::string &name) {
    return std::find(framework::roles.begin(), framework::roles.end(), name) != framework::roles.end();
}

bool has_plugin(const framework::Registry &registry, const std::string &name) {
    const auto entries = registry.entries();
    return std::any_of(entries.begin(), entries.end(),
                       [&](const framework::Entry *entry) { return entry->plugin == name; });
}

void take_linked(Plugins &plugins, std::span<const sdk::Plugin *const> linked) {
    for (const sdk::Plugin *plugin : linked) {
        if (has_plugin(plugins.registry, plugin->name))
            continue; // the file that is to be checked
        plugins.registry.add(*plugin);
        framework::PluginFile &part = plugins.linked.emplace_back();
        part.file = framework::executable_path();
        part.plugin = plugin->name;
        part.version = plugin->version;
    }
}

} // namespace

std::vector<framework::PluginFile> Plugins::refused() const {
    std::vector<framework::PluginFile> result;
    std::copy_if(files.begin(), files.end(), std::back_inserter(result),
                 [](const framework::PluginFile &file) { return file.refused(); });
    return result;
}

framework::LoadOptions load_options(const Arguments &arguments) {
    framework::LoadOptions options;
    options.allow_unsafe = arguments.allow_unsafe_plugins;
    options.prober = arguments.prober;
    options.known = framework::known_plugins_folder();
    return options;
}

bool names_file(const std::string &plugin) {
    const std::size_t slash = plugin.find('/');
    if (plugin.ends_with(".so") || slash == std::string::npos)
        return plugin.ends_with(".so");
    std::error_code gone;
    return !is_role(plugin.substr(0, slash)) || std::filesystem::exists(plugin, gone); // else a component is meant
}

Plugins load_plugins(const Arguments &arguments) {
    Plugins plugins;
    framework::LoadOptions options = load_options(arguments);
    if (!arguments.manifest.empty()) {
        plugins.manifest = framework::Manifest::read(arguments.manifest);
        if (arguments.command != Command::lock)
            options.pins = pins_for(arguments, *plugins.manifest);
    }
    if (arguments.command == Command::check && names_file(arguments.plugin)) // it comes before what is found
        framework::load_plugin(plugins.registry, arguments.plugin, options);
    take_linked(plugins, arguments.linked);
    plugins.path = framework::plugin_search_path(arguments.plugin_path, framework::executable_path());
    for (framework::SearchFolder &folder : plugins.path) // a folder that is missing is what a doctor tells
        folder.required = folder.required && arguments.command != Command::doctor;
    plugins.files = framework::load_search_path(plugins.registry, plugins.path, options);
    return plugins;
}

void check_role(const std::string &role) {
    if (!is_role(role))
        throw framework::Error(framework::ErrorCode::usage, {},
                               sdk::unknown_name("role", role, {framework::roles.begin(), framework::roles.end()}));
}

std::string rejection_text(const framework::PluginFile &refused) {
    return refused.file.string() + " was not loaded: " + refused.reason;
}

framework::Plan read_plan(const Arguments &arguments, const Plugins &plugins, std::vector<std::string> &warnings) {
    try {
        framework::Plan plan =
            framework::read_plan(with_assignments(arguments, *plugins.manifest, plugins, warnings), plugins.registry);
        for (std::string &warning : stand_ins(plugins, plan))
            warnings.push_back(std::move(warning));
        return plan;
    } catch (const framework::Error &) {
        for (const framework::PluginFile &refused : plugins.refused())
            std::cerr << "note: " << rejection_text(refused) << '\n';
        throw;
    }
}

framework::Plan read_edited_plan(const Arguments &arguments, const Plugins &plugins) {
    std::vector<std::string> warnings; // as they were at the start
    const framework::Manifest manifest = framework::Manifest::read(arguments.manifest);
    return framework::read_plan(with_assignments(arguments, manifest, plugins, warnings), plugins.registry);
}

} // namespace retort::host
