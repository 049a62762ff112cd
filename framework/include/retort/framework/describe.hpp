// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>

#include <boost/json/object.hpp>

namespace retort::framework {

/// Everything that can be said about a registry entry, as JSON: role, name, plugin, version, file, documentation,
/// "settings" and, for a model, the "taps" (name, width) that it has with default settings on 784 inputs and 10
/// classes.
///
/// "settings" is an array of objects: name; type (number, integer, boolean, choice, text, schedule, record, list, map,
/// component, reference); default, or "required": true; documentation; minimum and maximum where there is a bound;
/// choices; role of components and references; "optional": true where null leaves out a record or component;
/// "inlined": true for a component whose type and settings stand beside its neighbours; "element" of lists and maps,
/// and "settings" of records, in the same form. Errors: ErrorCode::plugin when the plugin throws.
[[nodiscard]] boost::json::object describe(const Entry &entry);

} // namespace retort::framework
