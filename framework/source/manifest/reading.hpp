// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/registry.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::framework {

/// A setting that names a model or dataset.
struct Mention {
    std::string pointer;
    std::string role;
    std::string name;
};

/// What reading learned about one object of the manifest, whether it stands there or all of it is left out.
struct ObjectKeys {
    std::vector<std::string> known;   ///< declared, in order
    std::vector<std::string> unknown; ///< that stand there all the same; empty while it is not known what is declared
    bool faulty = false;              ///< one is declared twice, or has no name: a plugin's mistake
};

/// What the readers of one manifest share.
struct Reading {
    explicit Reading(const Registry &all) : registry(all) {}

    void mistake(const std::string &pointer, const std::string &message) { problems.push_back({pointer, message}); }

    /// A mistake that a plugin made, or that another plugin would mend.
    void plugin_mistake(const std::string &pointer, const std::string &message, const std::string &plugin = {}) {
        problems.push_back({pointer, message, plugin});
        ++plugin_mistakes;
    }

    /// The component at `pointer` is one of `entry`.
    void use(const Entry &entry, const std::string &pointer);

    /// Names of the plugins of the component at `pointer` and of all components in it, once each.
    [[nodiscard]] std::vector<std::string> plugins_below(const std::string &pointer) const;

    /// The same for each of them by itself, by their pointers.
    [[nodiscard]] std::map<std::string, std::string> places_below(const std::string &pointer) const;

    /// Names of what the registry has in a role.
    [[nodiscard]] std::vector<std::string> offered(std::string_view role) const;

    [[nodiscard]] bool blames_plugins_only() const { return plugin_mistakes == problems.size(); }

    const Registry &registry;
    std::string owner; ///< pointer of the component whose settings are being read; empty for the manifest's own
    std::map<std::string, std::vector<std::string>, std::less<>>
        defined; ///< names in the manifest, by role; those of others are not checked
    std::vector<Problem> problems;
    std::size_t plugin_mistakes = 0;
    std::vector<const Entry *> used;                         ///< once each, in order of first use
    std::vector<std::pair<std::string, const Entry *>> uses; ///< every component's pointer and entry
    std::vector<Mention> mentions;
    std::vector<const Entry *> by_default; ///< being read, outermost first, because nothing stands where they are
    std::map<std::string, ObjectKeys, std::less<>> objects; ///< by pointer
};

} // namespace retort::framework
