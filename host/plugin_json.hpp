// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plugin_file.hpp>
#include <retort/framework/registry.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace retort::host {

/// What the registry has of a loaded file.
[[nodiscard]] std::vector<const framework::Entry *> offers_of(const framework::PluginFile &file,
                                                              const framework::Registry &registry);

/// "loaded", "shadowed" or "refused".
[[nodiscard]] std::string_view status_of(const framework::PluginFile &file);

/// "file", "plugin", "version", "sha256", "status", "code" (the word of the refusal), "reason", and "offers": an array
/// of "role", "name" and "documentation".
[[nodiscard]] boost::json::object plugin_json(const framework::PluginFile &file, const framework::Registry &registry);

} // namespace retort::host
