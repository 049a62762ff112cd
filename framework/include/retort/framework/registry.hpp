// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/plugin.hpp>

#include <array>
#include <functional>
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
    std::string file;    ///< absolute path of the library; empty for what is part of the program
    std::shared_ptr<const sdk::AnyFactory> factory; ///< a `sdk::Factory<Role>` of the role named above
};

/// Everything that can be named in a manifest: one registry of names per role. Registries are plain values of their
/// owner: two hosts in one process do not see each other's.
class Registry {
  public:
    using Offer = std::function<void(sdk::Registrar &)>;

    /// Adds what `plugin` offers, all or nothing. Errors: ErrorCode::plugin when it throws while it registers, or
    /// offers a malformed name or one that is taken (naming both files).
    void add(const sdk::Plugin &plugin, const std::string &file = {});

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

    /// Null if there is none. Valid until the next `add`.
    [[nodiscard]] const Entry *find(std::string_view role, std::string_view name) const;

    /// All of a role, sorted by name; of all roles in the order of `roles` when `role` is empty.
    [[nodiscard]] std::vector<const Entry *> entries(std::string_view role = {}) const;

    /// Like `find`; an unknown name is an Error (ErrorCode::plugin) at `where` that lists what there is and the
    /// nearest.
    [[nodiscard]] const Entry &get(std::string_view role, std::string_view name, const std::string &where) const;

  private:
    void insert(std::vector<Entry> entries);

    std::map<std::string, std::map<std::string, Entry, std::less<>>, std::less<>> by_role_;
};

} // namespace retort::framework
