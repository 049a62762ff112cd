// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "text.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <iostream>

namespace retort::host {

namespace {

void print_json(const std::vector<const framework::Entry *> &entries) {
    boost::json::array array;
    for (const framework::Entry *entry : entries)
        array.push_back({{"role", entry->role},
                         {"name", entry->name},
                         {"plugin", entry->plugin},
                         {"file", entry->file},
                         {"version", entry->version}});
    std::cout << framework::to_text(array, framework::JsonLayout::pretty);
}

/// The first sentence, or as much of it as a table has room for.
std::string short_text(const std::string &documentation) {
    constexpr std::size_t room = 72;
    const std::string sentence = documentation.substr(0, documentation.find(". "));
    return sentence.size() <= room ? sentence : sentence.substr(0, sentence.rfind(' ', room - 4)) + " ...";
}

void print_table(const std::vector<const framework::Entry *> &entries) {
    std::vector<std::vector<std::string>> rows{{"role", "name", "what it is", "plugin", "version"}};
    for (const framework::Entry *entry : entries)
        rows.push_back({entry->role, entry->name, short_text(entry->documentation), entry->plugin, entry->version});
    std::cout << table_text(rows, 5);
}

} // namespace

void list(const Arguments &arguments) {
    if (!arguments.role.empty())
        check_role(arguments.role);
    const Plugins plugins = load_plugins(arguments);
    for (const framework::Rejected &rejected : plugins.rejected)
        std::cerr << "warning: " << rejection_text(rejected) << '\n';
    const auto entries = plugins.registry.entries(arguments.role);
    arguments.json ? print_json(entries) : print_table(entries);
}

} // namespace retort::host
