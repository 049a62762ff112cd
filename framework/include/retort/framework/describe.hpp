// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>

#include <boost/json/object.hpp>

namespace retort::framework {

/// Everything that can be said about a registry entry, as JSON: role, name, plugin, file, version, documentation,
/// "settings" (an array: name, type, default, minimum, maximum, choices, required, documentation; nested "settings" of
/// records, "element" of lists and maps, "role" of components and references), and for a model the "taps" (name,
/// width) that it has with default settings on 784 inputs and 10 classes.
[[nodiscard]] boost::json::object describe(const Entry &entry);

} // namespace retort::framework
