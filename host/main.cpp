// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"
#include "commands.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/trial.hpp>

#include <exception>
#include <iostream>

namespace {

using retort::framework::Error;
using retort::framework::ErrorCode;

/// Returns the exit code.
int carry_out(const retort::host::Arguments &arguments) {
    switch (arguments.command) {
    case retort::host::Command::run: retort::host::run(arguments); break;
    case retort::host::Command::validate: retort::host::validate(arguments); break;
    case retort::host::Command::lock: retort::host::lock(arguments); break;
    case retort::host::Command::evaluate: retort::host::evaluate(arguments); break;
    case retort::host::Command::list: retort::host::list(arguments); break;
    case retort::host::Command::describe: retort::host::describe(arguments); break;
    case retort::host::Command::schema: retort::host::schema(arguments); break;
    case retort::host::Command::check: return retort::host::check(arguments);
    case retort::host::Command::probe: retort::host::probe(arguments); break;
    case retort::host::Command::doctor: retort::host::doctor(arguments); break;
    case retort::host::Command::make_new: retort::host::make_new(arguments); break;
    }
    return 0;
}

int print(const Error &error) {
    std::cout << std::flush; // what was shown before stands before
    if (error.code() == ErrorCode::cancelled)
        std::cerr << "cancelled: " << error.what() << '\n';
    else
        for (const auto &problem : error.problems())
            std::cerr << "error: " << Error(error.code(), {problem}).what() << '\n';
    return static_cast<int>(error.code());
}

} // namespace

int main(int count, char **values) {
    try {
        int exit_code = 0;
        auto arguments = retort::host::parse_arguments(count, values, exit_code);
        if (!arguments)
            return exit_code;
        if (arguments->child)
            return retort::framework::try_plugin(arguments->target);
        arguments->prober = "/proc/self/exe"; // leads to this program even when its file was replaced
        return carry_out(*arguments);
    } catch (const Error &error) {
        return print(error);
    } catch (const std::exception &error) {
        return print(Error(ErrorCode::internal, {}, error.what()));
    }
}
