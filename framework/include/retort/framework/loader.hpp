// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/plugin_file.hpp>
#include <retort/framework/registry.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// A folder in which plugins are looked for.
struct SearchFolder {
    std::filesystem::path folder;
    std::string source = {}; ///< who named it: "--plugin-path", "RETORT_PLUGIN_PATH", "beside the command"
    bool required = false;   ///< whether it is an Error that it is not there
};

/// Where plugins are looked for, in order: `extra` (from --plugin-path, required), then the entries of the environment
/// variable RETORT_PLUGIN_PATH (separated by colons), then `../lib/retort/plugins` seen from the folder of
/// `executable`.
[[nodiscard]] std::vector<SearchFolder> plugin_search_path(const std::vector<std::filesystem::path> &extra,
                                                           const std::filesystem::path &executable);

/// The running program's file, for `plugin_search_path`.
[[nodiscard]] std::filesystem::path executable_path();

/// What plugins must be before they are opened.
struct LoadOptions {
    /// SHA-256 that the file of a plugin must have, in hexadecimal, by the plugin's name. See `pins_of`.
    std::map<std::string, std::string> pins = {};

    /// Whether a file may be opened that everybody can write, or that belongs to neither the user nor root, or that
    /// lies in such a folder.
    bool allow_unsafe = false;

    /// A `retort` command that first tries each unknown file in a process of its own; empty: they are not tried.
    std::filesystem::path prober = {};

    /// Folder that remembers by their digests which files were tried and are sound, and for a day which of them hung;
    /// empty: all are tried.
    std::filesystem::path known = {};

    bool try_again = false; ///< tries what is remembered, too, and remembers how that ended

    std::chrono::milliseconds timeout{10000}; ///< of a trial
    std::size_t trials_at_once = 4;
};

/// The user's folder for `LoadOptions::known`: `retort/plugins` in XDG_CACHE_HOME, else in `~/.cache`; empty if neither
/// is set.
[[nodiscard]] std::filesystem::path known_plugins_folder();

/// What the file says of itself, without running any of it: its ELF header, stamp and entry are read, its digest and
/// who may write it compared. `version` stays empty.
[[nodiscard]] PluginFile inspect_plugin(const std::filesystem::path &file, const LoadOptions &options = {});

/// The fields of a plugin's stamp beside what they must be in this program, by name. "hash" always fits: it is of the
/// contract's headers, for diagnosis.
[[nodiscard]] std::vector<StampField> stamp_fields(const std::string &stamp);

/// Inspects the file, has it tried if there is a prober, opens it, and adds what it offers. It is never unloaded. The
/// floating-point control register is the same afterwards. Errors: ErrorCode::plugin, naming the file, what was found
/// and expected; no code of it ran in this process unless it was sound up to there.
PluginFile load_plugin(Registry &registry, const std::filesystem::path &file, const LoadOptions &options = {});

/// The same, but what is wrong is what it returns, and no Error.
PluginFile load_file(Registry &registry, const std::filesystem::path &file, const LoadOptions &options = {});

/// Loads the plugins `*.so` of the folders. Of several plugins with one name the one in the earliest folder is loaded
/// and shadows the others; two in one folder are both refused. What the registry has already shadows all of them.
/// Nothing depends on names of files or on the order in which a folder lists them. What is refused stops nothing else.
/// A folder that is not there is skipped, or an Error (ErrorCode::plugin) where it is required. Returns every file, by
/// folders and then by names, and folders that cannot be read.
std::vector<PluginFile> load_search_path(Registry &registry, std::span<const SearchFolder> path,
                                         const LoadOptions &options = {});

/// The same for plain folders; returns only what was refused. `required`: folders that must be there.
std::vector<PluginFile> load_plugins(Registry &registry, const std::vector<std::filesystem::path> &folders,
                                     const std::vector<std::filesystem::path> &required = {});

} // namespace retort::framework
