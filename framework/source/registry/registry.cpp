// SPDX-License-Identifier: Apache-2.0
#include "../support/names.hpp"
#include "stamp.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/printable.hpp>
#include <retort/framework/registry.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace retort::framework {

namespace {

bool well_formed(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !name.empty() && letters.find(name.front()) != name.npos && name.find_first_not_of(allowed) == name.npos;
}

std::string in_quotes(std::string_view role, std::string_view name) {
    return std::string(role) + " \"" + std::string(name) + "\"";
}

std::string source_of(const std::string &file, const std::string &plugin) {
    return file.empty() ? "plugin " + plugin : file;
}

/// Who offers something: a library, or the program itself.
struct Source {
    std::string plugin;
    std::string version;
    std::string file;
    std::string sha256;
};

/// Gathers what one source offers, without touching the registry.
class Collector final : public sdk::Registrar {
  public:
    Collector(const Registry &registry, const Source &source) : registry_(registry), source_(source) {}

    std::vector<Entry> entries;

  private:
    void add_factory(std::string_view role, std::string_view name, std::string_view documentation,
                     std::unique_ptr<sdk::AnyFactory> factory) override {
        check(role, name);
        entries.push_back({std::string(role), std::string(name), one_line(documentation), source_.plugin,
                           source_.version, source_.file, std::move(factory), source_.sha256});
    }

    void check(std::string_view role, std::string_view name) const {
        if (std::find(roles.begin(), roles.end(), role) == roles.end())
            throw refusal(unknown_name("role", role, {roles.begin(), roles.end()}));
        if (!well_formed(name))
            throw refusal("the name of " + in_quotes(role, name) +
                          " is malformed: lower case letters, digits and underscores, beginning with a letter");
        for (const Entry *other : registry_.offers(role, name))
            if (other->plugin == source_.plugin)
                throw refusal(in_quotes(role, name) + " is offered already by " + source_.plugin);
        const auto same = [&](const Entry &entry) { return entry.role == role && entry.name == name; };
        if (std::any_of(entries.begin(), entries.end(), same))
            throw refusal(in_quotes(role, name) + " is offered twice");
    }

    static sdk::Error refusal(const std::string &message) { return {sdk::ErrorKind::plugin, message}; }

    const Registry &registry_;
    const Source &source_;
};

std::vector<Entry> collect(const Registry &registry, const Source &source, const Registry::Offer &offer) {
    const auto error = [&](const std::string &message) {
        return Error(ErrorCode::plugin, {{source_of(source.file, source.plugin), message, source.plugin}});
    };
    try {
        Collector collector(registry, source);
        offer(collector);
        return std::move(collector.entries);
    } catch (const sdk::Error &refused) {
        throw error(refused.what());
    } catch (const std::exception &thrown) {
        throw error("it threw while it registered: " + std::string(thrown.what()));
    } catch (...) {
        throw error("it threw something that is no std::exception while it registered");
    }
}

/// Of a library the stamp was read before it was opened; of a plugin that is linked statically nobody has yet.
void check_stamp(const sdk::Plugin &plugin) {
    const std::string difference = stamp_mismatch(own_stamp(), plugin.stamp, processor_level());
    if (!difference.empty())
        throw Error(ErrorCode::plugin,
                    {{source_of({}, plugin.name),
                      "it was built for another Retort or with other options: " + difference, plugin.name}});
}

} // namespace

std::string code_file(const Entry &entry) {
    return entry.file.empty() ? executable_path().string() : entry.file;
}

void Registry::add(std::span<const sdk::Plugin *const> plugins) {
    for (const sdk::Plugin *plugin : plugins)
        add(*plugin);
}

void Registry::add(const sdk::Plugin &plugin, const std::string &file, const std::string &sha256) {
    if (file.empty())
        check_stamp(plugin);
    for (const Entry *entry : entries())
        if (entry->plugin == plugin.name)
            throw Error(ErrorCode::plugin, {{source_of(file, plugin.name),
                                             "there is a plugin of its name already: " +
                                                 (entry->file.empty() ? "it is part of the program" : entry->file),
                                             plugin.name}});
    insert(collect(*this, {plugin.name, one_line(plugin.version), file, sha256}, plugin.register_components));
}

void Registry::add(const std::string &program, const Offer &offer) {
    insert(collect(*this, {program, {}, {}, {}}, offer));
}

void Registry::insert(std::vector<Entry> entries) {
    for (Entry &entry : entries) {
        ByPlugin &plugins = by_role_[entry.role][entry.name];
        std::string plugin = entry.plugin;
        plugins.emplace(std::move(plugin), std::move(entry));
    }
}

std::vector<const Entry *> Registry::offers(std::string_view role, std::string_view name) const {
    std::vector<const Entry *> result;
    const auto names = by_role_.find(role);
    if (names == by_role_.end())
        return result;
    if (const auto plugins = names->second.find(name); plugins != names->second.end())
        for (const auto &[plugin, entry] : plugins->second)
            result.push_back(&entry);
    return result;
}

const Entry *Registry::find(std::string_view role, std::string_view type) const {
    const std::size_t at = type.find('@');
    const std::vector<const Entry *> all = offers(role, type.substr(0, at));
    if (at == type.npos)
        return all.size() == 1 ? all.front() : nullptr;
    for (const Entry *entry : all)
        if (entry->plugin == type.substr(at + 1))
            return entry;
    return nullptr;
}

std::string Registry::spelling(const Entry &entry) const {
    return offers(entry.role, entry.name).size() > 1 ? entry.name + "@" + entry.plugin : entry.name;
}

std::vector<const Entry *> Registry::entries(std::string_view role) const {
    std::vector<const Entry *> result;
    for (const std::string_view candidate : roles) {
        const auto names = by_role_.find(candidate);
        if ((!role.empty() && role != candidate) || names == by_role_.end())
            continue;
        for (const auto &[name, plugins] : names->second)
            for (const auto &[plugin, entry] : plugins)
                result.push_back(&entry);
    }
    return result;
}

std::string Registry::not_found(std::string_view role, std::string_view type) const {
    const std::size_t at = type.find('@');
    const auto in_full = [](const Entry &entry) { return entry.name + "@" + entry.plugin; };
    std::vector<std::string> names;
    if (const std::vector<const Entry *> all = offers(role, type); all.size() > 1) {
        for (const Entry *entry : all)
            names.push_back(in_full(*entry));
        return "several plugins offer " + in_quotes(role, type) + "; allowed: " + joined(names);
    }
    for (const Entry *entry : entries(role))
        names.push_back(at != type.npos && entry->name == type.substr(0, at) ? in_full(*entry) : spelling(*entry));
    return unknown_name(role, type, names);
}

const Entry &Registry::get(std::string_view role, std::string_view type, const std::string &where) const {
    if (const Entry *found = find(role, type))
        return *found;
    throw Error(ErrorCode::plugin, where, not_found(role, type));
}

} // namespace retort::framework
