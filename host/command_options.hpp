// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arguments.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace CLI { // NOLINT(readability-identifier-naming): CLI11's
class App;
class Option;
} // namespace CLI

namespace retort::host {

/// The commands and what each of them takes, as they are said to CLI11.
class CommandOptions {
  public:
    /// Both must outlive this, and this the parsing.
    CommandOptions(CLI::App &app, Arguments &arguments);
    CommandOptions(const CommandOptions &) = delete;
    CommandOptions &operator=(const CommandOptions &) = delete;
    ~CommandOptions() = default;

    /// Before the parsing: gives all commands to the app. What the app says of itself by then, they say too.
    void add_all();

    /// After the parsing: puts into the arguments what is more than one option's value.
    void complete();

  private:
    CLI::App *add(const std::string &name, Command command, const std::string &description);
    void add_run();
    void add_validate();
    void add_lock();
    void add_probe();
    void add_doctor();
    void add_new();
    void add_evaluate();
    void add_predict();
    void add_list();
    void add_describe();
    void add_schema();
    void add_check();
    CLI::Option *add_manifest(CLI::App *command);
    void add_manifest_option(CLI::App *command, const std::string &what);
    void add_set(CLI::App *command);
    void add_plugin_path(CLI::App *command);
    void add_allow_unsafe(CLI::App *command);
    CLI::Option *add_json(CLI::App *command);

    CLI::App &app_;
    Arguments &arguments_;
    std::optional<std::int64_t> seed_; // signed: what is out of range is the manifest's to say, as it was written
    std::optional<std::int64_t> threads_;
    std::string log_level_ = "warning";
    std::string split_ = "test";
};

} // namespace retort::host
