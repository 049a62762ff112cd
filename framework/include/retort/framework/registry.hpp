// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/plugin.hpp>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <span>
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
    std::string file;    ///< absolute path of the library; empty for what is part of the program
    std::shared_ptr<const sdk::AnyFactory> factory; ///< a `sdk::Factory<Role>` of the role named above
    std::string sha256 = {}; ///< of the library when it was loaded; empty for what is part of the program
};

/// Absolute path of the file that a component's code is in: its library, or the program that it is part of.
[[nodiscard]] std::string code_file(const Entry &entry);

/// Everything that can be named in a manifest: one registry of names per role. A component goes by its name where one
/// plugin offers it, and by `name@plugin` everywhere. Registries are plain values of their owner: two hosts in one
/// process do not see each other's.
class Registry {
  public:
    using Offer = std::function<void(sdk::Registrar &)>;

    /// Adds what `plugin` offers, all or nothing. Errors: ErrorCode::plugin when it throws while it registers, offers a
    /// malformed name, or one twice, or when another plugin has its name (naming both files). Without a `file` the
    /// plugin is linked statically, and an error too when its stamp does not fit the framework's.
    void add(const sdk::Plugin &plugin, const std::string &file = {}, const std::string &sha256 = {});

    /// Adds plugins that are linked statically: what the function returns that retort_add_static_plugins writes.
    void add(std::span<const sdk::Plugin *const> plugins);

    /// Adds what the program itself offers, as if it were a plugin named `program`; all or nothing, errors as above.
    /// `offer` is called at once and not kept. It names classes, as a plugin does, and functions that make components
    /// and may capture objects of the program, which must outlive the registry, every plan read with it, and every run
    /// of those plans:
    ///
    ///     registry.add("weather", [&](sdk::Registrar &registrar) {
    ///         registrar.add<sdk::Dataset>("days", "Days in memory.", [&](const sdk::DatasetContext &) {
    ///             return std::make_unique<Days>(measurements);
    ///         });
    ///         registrar.add<sdk::Loss, Brier>("brier", "Squared error of the probabilities.");
    ///     });
    ///
    /// A component belongs to one run: the function makes a new one at each call.
    void add(const std::string &program, const Offer &offer);

    /// The component that `type`, "name" or "name@plugin", means. Null if there is none, or if several plugins offer
    /// the name. Valid until the next `add`.
    [[nodiscard]] const Entry *find(std::string_view role, std::string_view type) const;

    /// Who offers a name, sorted by plugin.
    [[nodiscard]] std::vector<const Entry *> offers(std::string_view role, std::string_view name) const;

    /// What a manifest calls the component: its name, or "name@plugin" where several plugins offer the name.
    [[nodiscard]] std::string spelling(const Entry &entry) const;

    /// All of a role, sorted by name and plugin; of all roles in the order of `roles` when `role` is empty.
    [[nodiscard]] std::vector<const Entry *> entries(std::string_view role = {}) const;

    /// Why `find` is null: what there is and the nearest, or which plugins offer it.
    [[nodiscard]] std::string not_found(std::string_view role, std::string_view type) const;

    /// Like `find`; null is an Error (ErrorCode::plugin) at `where`.
    [[nodiscard]] const Entry &get(std::string_view role, std::string_view type, const std::string &where) const;

  private:
    void insert(std::vector<Entry> entries);

    using ByPlugin = std::map<std::string, Entry, std::less<>>;
    using ByName = std::map<std::string, ByPlugin, std::less<>>;

    std::map<std::string, ByName, std::less<>> by_role_;
};

} // namespace retort::framework
