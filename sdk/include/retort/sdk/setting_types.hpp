// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace retort::sdk {

/// Makes one component, any number of times, from settings that were read and checked. [any thread]
///
/// The owner of the setting hands on its own `services` and `problems`, and a stream of random numbers derived from its
/// own. `build` puts the place of the setting within the owner's settings before every pointer that the new component
/// reports, by `problems` or by the Error it throws: to the owner, pointers are relative to the owner's settings.
template <class Role> class RETORT_VISIBLE Builder {
  public:
    virtual ~Builder() = default;
    [[nodiscard]] virtual std::unique_ptr<Role> build(const typename Role::Context &context) const = 0;
};

/// A setting that is another plugin's component: its type and settings stand in the manifest, and whoever owns the
/// setting builds it. `ComponentSpec<Optimizer> optimizer{"adam"}` names a default.
template <class R> struct ComponentSpec {
    using Role = R;

    ComponentSpec() = default;

    explicit ComponentSpec(std::string default_type) : type(std::move(default_type)) {}

    std::string type;
    bool optional = false;
    std::shared_ptr<const Builder<Role>> builder; ///< null only for an optional component that was left out

    [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const {
        return builder->build(context);
    }
};

/// A setting that names a model or dataset of the manifest. Reading checks that it exists.
template <class R> struct Reference {
    using ReferredRole = R;
    std::string name;
};

/// A setting that maps names to values, in the order of the manifest.
template <class T> struct Map {
    using Mapped = T;
    std::vector<std::pair<std::string, T>> items;
};

} // namespace retort::sdk
