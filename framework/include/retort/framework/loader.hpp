// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/registry.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace retort::framework {

/// A file in a plugin folder that was not loaded, and why.
struct Rejected {
    std::filesystem::path file;
    std::string reason;
};

/// Where plugins are looked for, in order: `extra` (from --plugin-path), then the entries of the environment variable
/// RETORT_PLUGIN_PATH (separated by colons), then `../lib/retort/plugins` seen from the folder of `executable`.
[[nodiscard]] std::vector<std::filesystem::path> plugin_search_path(const std::vector<std::filesystem::path> &extra,
                                                                    const std::filesystem::path &executable);

/// The running program's file, for `plugin_search_path`.
[[nodiscard]] std::filesystem::path executable_path();

/// Checks and opens the library `file` and adds what it offers. Before it is opened its ELF header and its stamp are
/// read from the file, so that no code of a plugin that does not fit runs. It is never unloaded. The floating-point
/// control register is the same afterwards. Errors: ErrorCode::plugin, naming the file, what was found and expected.
void load_plugin(Registry &registry, const std::filesystem::path &file);

/// Loads every `*.so` of the folders, in order of folders and then of names. A file that is refused does not stop the
/// others: it is returned with the reason, as is a folder that cannot be read. A folder that is not there is skipped,
/// unless it was asked for by name
/// (`required`), which is an Error (ErrorCode::plugin).
std::vector<Rejected> load_plugins(Registry &registry, const std::vector<std::filesystem::path> &folders,
                                   const std::vector<std::filesystem::path> &required = {});

} // namespace retort::framework
