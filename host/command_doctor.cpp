// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugin_json.hpp"
#include "plugins.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <utility>

namespace retort::host {

namespace {

/// A name that a manifest has to complete with that of a plugin.
struct Ambiguous {
    std::string role;
    std::string name;
    std::vector<std::string> offers; ///< "name@plugin"
};

std::vector<Ambiguous> ambiguous_names(const framework::Registry &registry) {
    std::vector<Ambiguous> result;
    for (const framework::Entry *entry : registry.entries()) {
        const std::string spelling = registry.spelling(*entry);
        if (spelling == entry->name)
            continue;
        if (result.empty() || result.back().role != entry->role || result.back().name != entry->name)
            result.push_back({entry->role, entry->name, {}});
        result.back().offers.push_back(spelling);
    }
    return result;
}

bool is_there(const framework::SearchFolder &folder) {
    std::error_code failure;
    return std::filesystem::is_directory(folder.folder, failure);
}

void print_diagnosis_json(const Plugins &plugins, const std::vector<Ambiguous> &ambiguous, bool sound) {
    boost::json::array path;
    for (const framework::SearchFolder &folder : plugins.path)
        path.push_back({{"folder", std::filesystem::absolute(folder.folder).lexically_normal().string()},
                        {"source", folder.source},
                        {"there", is_there(folder)}});
    boost::json::array files;
    for (const framework::PluginFile &part : plugins.linked) {
        files.emplace_back(plugin_json(part, plugins.registry));
        files.back().as_object()["status"] = "linked";
    }
    for (const framework::PluginFile &file : plugins.files)
        files.emplace_back(plugin_json(file, plugins.registry));
    boost::json::array names;
    for (const Ambiguous &name : ambiguous)
        names.push_back({{"role", name.role},
                         {"name", name.name},
                         {"offers", boost::json::array(name.offers.begin(), name.offers.end())}});
    const boost::json::object answer{{"sound", sound},
                                     {"search_path", std::move(path)},
                                     {"plugins", std::move(files)},
                                     {"ambiguous", std::move(names)}};
    std::cout << framework::to_text(answer, framework::JsonLayout::pretty);
}

void print_path(const std::vector<framework::SearchFolder> &path) {
    std::cout << "Plugins are looked for in\n";
    for (const framework::SearchFolder &folder : path)
        std::cout << "  " << std::filesystem::absolute(folder.folder).lexically_normal().string() << " ("
                  << folder.source << ")" << (is_there(folder) ? "" : ": there is no such folder") << '\n';
}

void print_offers(const framework::PluginFile &file, const framework::Registry &registry) {
    std::string offers;
    for (const framework::Entry *entry : offers_of(file, registry))
        offers += (offers.empty() ? "" : ", ") + entry->role + "/" + registry.spelling(*entry);
    if (!offers.empty())
        std::cout << "    offers " << offers << '\n';
}

void print_linked(const Plugins &plugins) {
    if (plugins.linked.empty())
        return;
    std::cout << "Part of " << plugins.linked.front().file.string() << '\n';
    for (const framework::PluginFile &part : plugins.linked) {
        std::cout << "  linked  plugin " << part.plugin << ' ' << part.version << '\n';
        print_offers(part, plugins.registry);
    }
    std::cout << '\n';
}

void print_file(const framework::PluginFile &file, const framework::Registry &registry) {
    std::cout << "  " << status_of(file) << "  " << file.file.string() << '\n';
    if (!file.plugin.empty())
        std::cout << "    plugin " << file.plugin << (file.version.empty() ? "" : " " + file.version) << ", SHA-256 "
                  << file.sha256 << '\n';
    if (!file.loaded())
        std::cout << "    " << file.reason << '\n';
    print_offers(file, registry);
}

void print_diagnosis(const Plugins &plugins, const std::vector<Ambiguous> &ambiguous) {
    print_linked(plugins);
    print_path(plugins.path);
    std::cout << "\nFound there\n";
    for (const framework::PluginFile &file : plugins.files)
        print_file(file, plugins.registry);
    if (plugins.files.empty())
        std::cout << "  nothing\n";
    if (!ambiguous.empty())
        std::cout << "\nOffered by several plugins\n";
    for (const Ambiguous &name : ambiguous) {
        std::cout << "  " << name.role << "/" << name.name << ": a manifest says which:";
        for (const std::string &offer : name.offers)
            std::cout << ' ' << offer;
        std::cout << '\n';
    }
}

/// Whether somebody asked for it by name.
bool is_missed(const framework::SearchFolder &folder) {
    return folder.source == "--plugin-path" && !is_there(folder);
}

std::string counted(std::size_t number, const std::string &what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

} // namespace

void doctor(const Arguments &arguments) {
    const Plugins plugins = load_plugins(arguments);
    const std::vector<Ambiguous> ambiguous = ambiguous_names(plugins.registry);
    const std::size_t refused = plugins.refused().size();
    const auto missed = static_cast<std::size_t>(std::count_if(plugins.path.begin(), plugins.path.end(), is_missed));
    const bool sound = refused == 0 && missed == 0 && ambiguous.empty();
    arguments.json ? print_diagnosis_json(plugins, ambiguous, sound) : print_diagnosis(plugins, ambiguous);
    if (!sound)
        throw framework::Error(framework::ErrorCode::plugin, {},
                               counted(refused, "file") + " refused, " + counted(ambiguous.size(), "name") +
                                   " offered by several plugins" +
                                   (missed == 0 ? "" : ", " + counted(missed, "folder") + " not there"));
}

} // namespace retort::host
