// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>

#include <boost/json/object.hpp>

namespace retort::framework {

/// The JSON Schema (draft 2020-12) of manifests of the components in `registry`, from the declarations that reading
/// goes by: it accepts what `read_plan` accepts. What it cannot say, and so lets pass, is what one part of a manifest
/// asks of another (names that must be defined, or must differ), that whole numbers are written as such, and all that
/// only a component that is built finds out. Two registries of the same plugins have the same schema.
///
/// A component whose settings cannot be declared, for which every manifest with it is refused, does not stand in it.
/// Errors: ErrorCode::plugin when a plugin throws.
[[nodiscard]] boost::json::object manifest_schema(const Registry &registry);

} // namespace retort::framework
