// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/manifest.hpp>
#include <retort/framework/plan.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace retort::framework {

/// What the manifest's "plugins" pin, for `LoadOptions::pins`: SHA-256 in lower case hexadecimal by name of plugin.
/// Errors: ErrorCode::manifest, with every mistake in "plugins", so that no plugin is opened with a pin that was
/// misread.
[[nodiscard]] std::map<std::string, std::string> pins_of(const Manifest &manifest);

/// A plugin that a manifest pins.
struct Pin {
    std::string plugin;
    std::string sha256;
    std::string file; ///< that was pinned
};

/// Writes into the manifest `file` that the plugins which `plan` uses must be the files that were loaded for it: its
/// "plugins" key is replaced or added, and every other byte stays as it is. The file is replaced in one step, or left
/// alone if it says so already. What is part of the program cannot be pinned and is left out. Errors:
/// ErrorCode::manifest as of Manifest::read, ErrorCode::output when it cannot be written.
std::vector<Pin> lock_manifest(const std::filesystem::path &file, const Plan &plan);

} // namespace retort::framework
