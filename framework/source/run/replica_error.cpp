// SPDX-License-Identifier: Apache-2.0
#include "replica_error.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace retort::framework {

namespace json = boost::json;

namespace {

std::string text_of(const json::value &object, std::string_view key) {
    return std::string(object.at(key).as_string());
}

} // namespace

std::string error_to_text(const Error &error) {
    json::array problems;
    for (const Problem &problem : error.problems())
        problems.push_back(json::object{{"where", problem.where},
                                        {"message", problem.message},
                                        {"plugin", problem.plugin},
                                        {"stage", problem.stage}});
    return to_text(json::object{{"code", static_cast<int>(error.code())}, {"problems", std::move(problems)}});
}

Error error_from_text(std::string_view text, std::size_t replica) {
    const json::value error = json::parse(text);
    std::vector<Problem> problems;
    for (const json::value &problem : error.at("problems").as_array())
        problems.push_back({text_of(problem, "where"),
                            "replica " + std::to_string(replica) + ": " + text_of(problem, "message"),
                            text_of(problem, "plugin"), text_of(problem, "stage")});
    return {static_cast<ErrorCode>(error.at("code").to_number<int>()), std::move(problems)};
}

} // namespace retort::framework
