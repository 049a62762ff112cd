// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arguments.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/plan.hpp>
#include <retort/framework/registry.hpp>

#include <string>
#include <vector>

namespace retort::host {

/// The plugins that were found, and the files that were refused.
struct Plugins {
    framework::Registry registry;
    std::vector<framework::Rejected> rejected;
};

/// Loads every plugin of the search path. Errors: ErrorCode::plugin.
[[nodiscard]] Plugins load_plugins(const Arguments &arguments);

/// Errors: ErrorCode::usage if there is no such role.
void check_role(const std::string &role);

/// "FILE was not loaded: REASON".
[[nodiscard]] std::string rejection_text(const framework::Rejected &rejected);

/// The manifest's plan, its `--set` assignments applied. `warnings`: settings that an assignment dropped, a sentence
/// each. Errors: as in read_plan; refused plugin files are then named on stderr, as a likely reason.
[[nodiscard]] framework::Plan read_plan(const Arguments &arguments, const Plugins &plugins,
                                        std::vector<std::string> &warnings);

} // namespace retort::host
