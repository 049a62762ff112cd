// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/error.hpp>
#include <retort/framework/printable.hpp>

#include <utility>

namespace retort::framework {

namespace {

std::string origin(const Problem &problem) {
    if (problem.plugin.empty() && problem.stage.empty())
        return {};
    const std::string plugin = problem.plugin.empty() ? "" : "plugin " + problem.plugin;
    const std::string stage = problem.stage.empty() ? "" : "stage " + problem.stage;
    return " [" + plugin + (plugin.empty() || stage.empty() ? "" : ", ") + stage + "]";
}

std::string line(const Problem &problem) {
    return (problem.where.empty() ? "" : problem.where + ": ") + problem.message + origin(problem);
}

std::string text(const std::vector<Problem> &problems) {
    std::string result;
    for (const Problem &problem : problems)
        result += (result.empty() ? "" : "\n") + line(problem);
    return result;
}

} // namespace

Error::Error(ErrorCode code, std::vector<Problem> problems)
    : std::runtime_error(printable_lines(text(problems))), code_(code), problems_(std::move(problems)) {}

Error::Error(ErrorCode code, std::string where, std::string message)
    : Error(code, std::vector<Problem>{{std::move(where), std::move(message)}}) {}

} // namespace retort::framework
