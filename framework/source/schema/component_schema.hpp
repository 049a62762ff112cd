// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// A component as schemas see it.
struct DeclaredComponent {
    const Entry *entry = nullptr;
    std::string definition;            ///< its name in "$defs"
    std::vector<std::string> names;    ///< that "type" may give it; first `Registry::spelling`
    std::vector<std::string> keys;     ///< of its object, "type" first
    std::vector<std::string> required; ///< those of them whose absence is a mistake
};

/// The components of a role that a manifest can hold beside the settings `own`: not those whose settings cannot be
/// declared, nor those that declare one of `own` again.
[[nodiscard]] std::vector<DeclaredComponent> declared_components(const Registry &registry, std::string_view role,
                                                                 const std::vector<std::string> &own = {});

/// What "type" may be.
[[nodiscard]] boost::json::object type_schema(const std::vector<DeclaredComponent> &components);

/// Subschemas of which each says what one of `components` asks of an object in which it stands beside the settings
/// `own`. Without a "type" the object is of the component `by_default`.
[[nodiscard]] boost::json::array branches_beside(const std::vector<DeclaredComponent> &components,
                                                 const Entry *by_default, const std::vector<std::string> &own);

/// What an object must be that is one of a role's components, of `default_type` (empty: there is none) where it has no
/// "type".
[[nodiscard]] boost::json::object component_schema(const Registry &registry, std::string_view role,
                                                   std::string_view default_type);

/// "$defs": every role and every component, to which the schemas above refer.
[[nodiscard]] boost::json::object component_definitions(const Registry &registry);

} // namespace retort::framework
