// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include "command_options.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/version.hpp>
#include <retort/sdk/names.hpp>

#include <CLI/CLI.hpp>

#include <iostream>

namespace retort::host {

namespace {

/// The command line as CLI11 sees it, bound to `Arguments`.
class Parser {
  public:
    Parser()
        : app_("Distils one neural network into a different one, by plugins named in a manifest.", "retort"),
          options_(app_, arguments_) {
        app_.set_version_flag("--version", "retort " + std::string(framework::version()));
        app_.require_subcommand(0, 1); // none and an unknown one are told apart in `parse`
        app_.failure_message([this](const CLI::App *, const CLI::Error &error) {
            return "error: " + text_of(error) + "\nRun with --help for more information.\n";
        });
        app_.footer(
            "`retort COMMAND --help` says more about a command.\n"
            "Exit codes: 0 done, 1 internal error, 2 usage, 3 manifest, 4 plugin, 5 data, 6 training, 7 output, "
            "130 cancelled.");
        options_.add_all();
    }

    Arguments parse(int count, char **values) {
        app_.parse(count, values);
        if (app_.get_subcommands().empty())
            throw CLI::RequiredError("a command (" + sdk::joined(commands()) + ")");
        options_.complete();
        return arguments_;
    }

    int exit_code(const CLI::ParseError &error) {
        const bool asked_for = app_.exit(error, std::cout, std::cerr) == 0; // --help, --version
        return asked_for ? 0 : static_cast<int>(framework::ErrorCode::usage);
    }

  private:
    [[nodiscard]] std::vector<std::string> commands() const {
        std::vector<std::string> names;
        for (const CLI::App *command : app_.get_subcommands({}))
            names.push_back(command->get_name());
        return names;
    }

    static std::vector<std::string> options_of(const CLI::App &command) {
        std::vector<std::string> names;
        for (const CLI::Option *option : command.get_options({}))
            for (const std::string &name : option->get_lnames())
                names.push_back("--" + name);
        return names;
    }

    /// CLI11 names words that it has no place for from the last to the first, and knows no near ones.
    [[nodiscard]] std::string text_of(const CLI::Error &error) const {
        const std::vector<std::string> words = app_.remaining(true);
        if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError) || words.empty())
            return error.what();
        const std::string &word = words.front();
        const std::vector<CLI::App *> given = app_.get_subcommands();
        if (word.starts_with("-"))
            return sdk::unknown_name("option", word, options_of(given.empty() ? app_ : *given.front()));
        if (given.empty())
            return sdk::unknown_name("command", word, commands());
        return "found " + sdk::in_quotes(word) + ", a word more than " + sdk::in_quotes(given.front()->get_name()) +
               " takes";
    }

    CLI::App app_;
    Arguments arguments_;
    CommandOptions options_;
};

} // namespace

std::optional<Arguments> parse_arguments(int count, char **values, int &exit_code) {
    Parser parser;
    try {
        return parser.parse(count, values);
    } catch (const CLI::ParseError &error) {
        exit_code = parser.exit_code(error);
        return {};
    }
}

} // namespace retort::host
