// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "describe_page.hpp"
#include "plugins.hpp"

#include <retort/framework/describe.hpp>
#include <retort/framework/json_text.hpp>

#include <iostream>

namespace retort::host {

namespace {

/// "; did you mean a/x or b/x?", of all roles in which there is a component of that name.
std::string meant(const std::string &name, const framework::Registry &registry) {
    std::string text;
    for (const framework::Entry *entry : registry.entries())
        if (entry->name == name)
            text += (text.empty() ? "; did you mean " : " or ") + entry->role + "/" + registry.spelling(*entry);
    return text.empty() ? text : text + "?";
}

} // namespace

void describe(const Arguments &arguments) {
    const std::size_t slash = arguments.target.find('/');
    if (slash != std::string::npos)
        check_role(arguments.target.substr(0, slash));
    const Plugins plugins = load_plugins(arguments);
    if (slash == std::string::npos)
        throw framework::Error(framework::ErrorCode::usage, {},
                               "describe wants ROLE/NAME, such as model/mlp; found '" + arguments.target + "'" +
                                   meant(arguments.target, plugins.registry));
    const auto &entry =
        plugins.registry.get(arguments.target.substr(0, slash), arguments.target.substr(slash + 1), arguments.target);
    const boost::json::object description = framework::describe(entry);
    std::cout << (arguments.json ? framework::to_text(description, framework::JsonLayout::pretty)
                                 : describe_page(description));
}

} // namespace retort::host
