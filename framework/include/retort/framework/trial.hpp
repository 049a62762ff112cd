// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace retort::framework {

/// What `retort probe --child FILE` does, for a program of your own that shall be `LoadOptions::prober`: prepares this
/// process for a plugin that may do anything, loads `file`, has every component describe its settings, and tells the
/// parent on stdout how that ended. What the plugin itself writes on stdout goes to stderr. Call it first and return
/// from `main` after it, with the exit code that it returns.
[[nodiscard]] int try_plugin(const std::filesystem::path &file);

} // namespace retort::framework
