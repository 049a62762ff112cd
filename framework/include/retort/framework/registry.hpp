// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/plugin.hpp>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// The roles, as spelled everywhere, in the order in which they are listed.
inline constexpr std::array<std::string_view, 9> roles{"dataset", "model",     "head",    "discriminator", "objective",
                                                       "loss",    "optimizer", "trainer", "observer"};

/// One thing that a plugin offers.
struct Entry {
    std::string role;
    std::string name;
    std::string documentation;
    std::string plugin;  ///< the plugin's name
    std::string version; ///< the plugin's version
    std::string file;    ///< absolute path of the library; empty for a plugin linked statically
    std::shared_ptr<const sdk::AnyFactory> factory; ///< a `sdk::Factory<Role>` of the role named above
};

/// Everything that can be named in a manifest: one registry of names per role. Registries are plain values of their
/// owner: two hosts in one process do not see each other's.
class Registry {
  public:
    /// Adds what `plugin` offers, all or nothing. Errors: ErrorCode::plugin when it throws while it registers, or
    /// offers a malformed name or one that is taken (naming both files).
    void add(const sdk::Plugin &plugin, const std::string &file = {});

    /// Null if there is none. Valid until the next `add`.
    [[nodiscard]] const Entry *find(std::string_view role, std::string_view name) const;

    /// All of a role, sorted by name; of all roles in the order of `roles` when `role` is empty.
    [[nodiscard]] std::vector<const Entry *> entries(std::string_view role = {}) const;

    /// Like `find`; an unknown name is an Error (ErrorCode::plugin) at `where` that lists what there is and the
    /// nearest.
    [[nodiscard]] const Entry &get(std::string_view role, std::string_view name, const std::string &where) const;

  private:
    std::map<std::string, std::map<std::string, Entry, std::less<>>, std::less<>> by_role_;
};

} // namespace retort::framework
