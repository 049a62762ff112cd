// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arguments.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/plan.hpp>
#include <retort/framework/registry.hpp>

#include <optional>
#include <string>
#include <vector>

namespace retort::host {

/// The manifest, if one was named, and the plugins that were found.
struct Plugins {
    std::optional<framework::Manifest> manifest;
    std::vector<framework::SearchFolder> path;
    framework::Registry registry;
    std::vector<framework::PluginFile> files;  ///< of the search path
    std::vector<framework::PluginFile> linked; ///< part of the program; `file` is the program's

    [[nodiscard]] std::vector<framework::PluginFile> refused() const;
};

/// What is asked of plugins, but for the manifest's pins.
[[nodiscard]] framework::LoadOptions load_options(const Arguments &arguments);

/// Whether `check` was given a library's path, not a plugin's name.
[[nodiscard]] bool names_file(const std::string &plugin);

/// Reads the manifest, takes the plugins that are part of the program, and loads every plugin of the search path that
/// it does not pin to another file; `lock` ignores the pins that are there. A file that `check` was given is loaded
/// first, so that it stands for those of its name. Errors: ErrorCode::manifest, ErrorCode::plugin.
[[nodiscard]] Plugins load_plugins(const Arguments &arguments);

/// Errors: ErrorCode::usage if there is no such role.
void check_role(const std::string &role);

/// "FILE was not loaded: REASON".
[[nodiscard]] std::string rejection_text(const framework::PluginFile &refused);

/// The manifest's plan, its `--set` assignments applied. `warnings`: settings that an assignment dropped, and plugins
/// that stand in for a refused file, a sentence each. Errors: as in read_plan; refused plugin files are then named on
/// stderr, as a likely reason.
[[nodiscard]] framework::Plan read_plan(const Arguments &arguments, const Plugins &plugins,
                                        std::vector<std::string> &warnings);

/// The same for the manifest as its file is now, without warnings.
[[nodiscard]] framework::Plan read_edited_plan(const Arguments &arguments, const Plugins &plugins);

} // namespace retort::host
