// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugin_json.hpp"
#include "plugins.hpp"
#include "text.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <chrono>
#include <iostream>

namespace retort::host {

namespace {

framework::PluginFile tried(const Arguments &arguments, framework::Registry &registry) {
    framework::LoadOptions options = load_options(arguments);
    options.try_again = true; // whoever asks wants to know how it is now
    options.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(arguments.timeout * 1000.0));
    return framework::load_file(registry, arguments.target, options);
}

boost::json::object stamp_json(const framework::PluginFile &file) {
    boost::json::object fields;
    if (!file.stamp.empty())
        for (const framework::StampField &field : framework::stamp_fields(file.stamp))
            fields[field.name] =
                boost::json::object{{"found", field.found}, {"expected", field.expected}, {"fits", field.fits}};
    return fields;
}

void print_plugin(const framework::PluginFile &file, const framework::Registry &registry) {
    std::cout << file.file.string() << '\n';
    if (!file.plugin.empty())
        std::cout << "Plugin " << file.plugin << (file.version.empty() ? "" : " " + file.version) << '\n';
    if (!file.sha256.empty())
        std::cout << "SHA-256 " << file.sha256 << '\n';
    if (!file.stamp.empty()) {
        std::vector<std::vector<std::string>> rows{{"stamp", "plugin", "retort", ""}};
        for (const framework::StampField &field : framework::stamp_fields(file.stamp))
            rows.push_back({field.name, field.found, field.expected, field.fits ? "" : "does not fit"});
        std::cout << '\n' << table_text(rows, 4);
    }
    if (!file.loaded())
        return;
    std::vector<std::vector<std::string>> rows{{"role", "name", "what it is"}};
    for (const framework::Entry *entry : offers_of(file, registry))
        rows.push_back({entry->role, entry->name, entry->documentation});
    std::cout << '\n' << table_text(rows, 3);
}

} // namespace

void probe(const Arguments &arguments) {
    framework::Registry registry;
    const framework::PluginFile file = tried(arguments, registry);
    if (arguments.json) {
        boost::json::object answer = plugin_json(file, registry);
        answer["stamp"] = stamp_json(file);
        std::cout << framework::to_text(answer, framework::JsonLayout::pretty);
    } else {
        print_plugin(file, registry);
    }
    if (file.refused())
        throw framework::Error(framework::ErrorCode::plugin, file.file.string(), file.reason);
}

} // namespace retort::host
