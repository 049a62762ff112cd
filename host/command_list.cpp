// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "text.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <iostream>

namespace retort::host {

namespace {

void print_json(const framework::Registry &registry, const std::string &role) {
    boost::json::array array;
    for (const framework::Entry *entry : registry.entries(role))
        array.push_back({{"role", entry->role},
                         {"name", registry.spelling(*entry)},
                         {"plugin", entry->plugin},
                         {"file", code_file(*entry)},
                         {"version", entry->version}});
    std::cout << framework::to_text(array, framework::JsonLayout::pretty);
}

/// The first sentence, or as much of it as a table has room for.
std::string short_text(const std::string &documentation) {
    constexpr std::size_t room = 72;
    const std::string sentence = documentation.substr(0, documentation.find(". "));
    return sentence.size() <= room ? sentence : sentence.substr(0, sentence.rfind(' ', room - 4)) + " ...";
}

void print_table(const framework::Registry &registry, const std::string &role) {
    std::vector<std::vector<std::string>> rows{{"role", "name", "what it is", "plugin", "version"}};
    for (const framework::Entry *entry : registry.entries(role))
        rows.push_back(
            {entry->role, registry.spelling(*entry), short_text(entry->documentation), entry->plugin, entry->version});
    std::cout << table_text(rows, 5);
}

} // namespace

void list(const Arguments &arguments) {
    if (!arguments.role.empty())
        check_role(arguments.role);
    const Plugins plugins = load_plugins(arguments);
    for (const framework::PluginFile &refused : plugins.refused())
        std::cerr << "warning: " << rejection_text(refused) << '\n';
    arguments.json ? print_json(plugins.registry, arguments.role) : print_table(plugins.registry, arguments.role);
}

} // namespace retort::host
