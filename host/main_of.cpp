// SPDX-License-Identifier: Apache-2.0
#include "main_of.hpp"

#include "arguments.hpp"
#include "commands.hpp"
#include "replicas.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/trial.hpp>

#include <exception>
#include <iostream>
#include <memory>

namespace retort::host {

namespace {

using framework::Error;
using framework::ErrorCode;

/// Returns the exit code.
int carry_out(const Arguments &arguments) {
    switch (arguments.command) {
    case Command::run: run(arguments); break;
    case Command::validate: validate(arguments); break;
    case Command::lock: lock(arguments); break;
    case Command::evaluate: evaluate(arguments); break;
    case Command::predict: predict(arguments); break;
    case Command::list: list(arguments); break;
    case Command::describe: describe(arguments); break;
    case Command::schema: schema(arguments); break;
    case Command::check: return check(arguments);
    case Command::probe: probe(arguments); break;
    case Command::doctor: doctor(arguments); break;
    case Command::make_new: make_new(arguments); break;
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

int main_of(int count, char **values, std::span<const sdk::Plugin *const> linked) {
    std::unique_ptr<framework::Replicas> replicas; // parts last: mpirun ends all when one ends with an error
    const auto failed = [&](const Error &error) {
        if (replicas)
            replicas->fail(error);
        return print(error);
    };
    try {
        int exit_code = 0;
        auto arguments = parse_arguments(count, values, exit_code);
        if (!arguments)
            return exit_code;
        if (arguments->child)
            return framework::try_plugin(arguments->target);
        arguments->prober = "/proc/self/exe"; // leads to this program even when its file was replaced
        arguments->linked = linked;
        if (arguments->command == Command::run)
            replicas = join_replicas();
        arguments->replicas = replicas.get();
        return carry_out(*arguments);
    } catch (const Error &error) {
        return failed(error);
    } catch (const std::exception &error) {
        return failed(Error(ErrorCode::internal, {}, error.what()));
    }
}

} // namespace retort::host
