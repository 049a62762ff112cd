// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/run.hpp>

#include <boost/json/array.hpp>

#include <iostream>

namespace retort::host {

namespace {

boost::json::object problem_json(const framework::Problem &problem) {
    return {
        {"where", problem.where}, {"message", problem.message}, {"plugin", problem.plugin}, {"stage", problem.stage}};
}

void print_problems(const framework::Error &error) {
    boost::json::array problems;
    for (const framework::Problem &problem : error.problems())
        problems.emplace_back(problem_json(problem));
    const boost::json::object answer{
        {"valid", false}, {"exit_code", static_cast<int>(error.code())}, {"problems", std::move(problems)}};
    std::cout << framework::to_text(answer, framework::JsonLayout::pretty);
}

std::string count(std::size_t number, const std::string &what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

void print_valid(const Arguments &arguments, const framework::Plan &plan, const std::vector<std::string> &warnings) {
    for (const std::string &warning : warnings)
        std::cerr << "warning: " << warning << '\n';
    if (arguments.json) {
        const boost::json::object answer{{"valid", true}, {"resolved", plan.resolved}};
        std::cout << framework::to_text(answer, framework::JsonLayout::pretty);
        return;
    }
    std::cout << arguments.manifest << ": valid; " << count(plan.datasets.size(), "dataset") << ", "
              << count(plan.models.size(), "model") << ", " << count(plan.stages.size(), "stage") << ", "
              << count(plan.observers.size(), "observer") << '\n';
}

} // namespace

void validate(const Arguments &arguments) {
    try {
        std::vector<std::string> warnings;
        const Plugins plugins = load_plugins(arguments);
        const framework::Plan plan = read_plan(arguments, plugins, warnings);
        framework::RunOptions options;
        options.log = [&](framework::LogLevel level, std::string_view message) {
            if (level == framework::LogLevel::warning)
                warnings.emplace_back(message);
        };
        const framework::Run run(plan, options);
        print_valid(arguments, plan, warnings);
    } catch (const framework::Error &error) {
        if (arguments.json)
            print_problems(error);
        throw;
    }
}

} // namespace retort::host
