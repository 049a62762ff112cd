// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/log.hpp>
#include <retort/framework/replicas.hpp>
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/roles/dataset.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace retort::host {

enum class Command { run, validate, lock, evaluate, predict, list, describe, schema, check, probe, doctor, make_new };

/// What was asked for on the command line.
struct Arguments {
    Command command = Command::run;
    std::string manifest;
    std::vector<std::string> set; ///< assignments in order; then those of --seed and --threads
    std::optional<std::filesystem::path> output;
    std::optional<std::filesystem::path> resume; ///< run directory to go on with; then `manifest` is the one in it
    std::vector<std::string> force;              ///< names of stages
    bool watch = false;                          ///< look whether the manifest is edited while it runs
    bool profile = false;                        ///< measure where the time goes
    std::vector<std::filesystem::path> plugin_path;
    bool allow_unsafe_plugins = false;
    std::filesystem::path directory;            ///< of `new`; empty: the name, in the working directory
    std::span<const sdk::Plugin *const> linked; ///< plugins that are part of the program: `main` says which
    framework::Replicas *replicas = nullptr;    ///< that mpirun started; null: this process alone
    std::filesystem::path prober; ///< that tries unknown plugins: `main` says this command; empty: they are not tried
    framework::LogLevel log_level = framework::LogLevel::warning;
    bool quiet = false;
    bool json = false;
    std::string role; ///< of `list`; empty: all; of `new`
    std::string name; ///< of `new`
    std::string
        target; ///< of `describe`: "role/name"; of `evaluate`, `predict`: run directory or file; of `probe`: file
    std::string model; ///< of `evaluate`, `predict`; empty: all, or the one that the file is named after
    std::string data;  ///< of `evaluate`; empty: the model's own
    sdk::Split split = sdk::Split::test;
    std::vector<std::filesystem::path> inputs; ///< of `predict`
    std::string weights;                       ///< of `predict`, in a run directory; empty: "last" or "loaded"
    std::string format;                        ///< of `predict`; empty: by the ending of `output`
    std::size_t batch = 256;                   ///< of `predict`
    bool latency = false;                      ///< of `predict`
    std::string plugin;          ///< of `check`: name, or path of a library; then `target` may be one component of it
    std::string junit;           ///< of `check`: file for a JUnit report; empty: none
    std::uint64_t seed = 1;      ///< of `check`
    double check_timeout = 60.0; ///< of `check`, in seconds
    double timeout = 10.0;       ///< of `probe`, likewise
    bool child = false;          ///< of `probe`: this is the process in which the plugin is tried
};

/// Parses the command line. --help and --version print, and return nothing, with `exit_code` 0. A mistake prints a
/// sentence on stderr, with `exit_code` 2.
[[nodiscard]] std::optional<Arguments> parse_arguments(int count, char **values, int &exit_code);

} // namespace retort::host
