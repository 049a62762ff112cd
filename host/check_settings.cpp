// SPDX-License-Identifier: Apache-2.0
#include "check_settings.hpp"

#include <retort/framework/error.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>

namespace retort::host {

namespace json = boost::json;

namespace {

bool is_index(std::string_view token) {
    return !token.empty() && token.find_first_not_of("0123456789") == token.npos;
}

/// Takes the first token off a pointer.
std::string take_token(std::string_view &pointer) {
    pointer.remove_prefix(1);
    const std::string token(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(token.size());
    return token;
}

/// What `token` leads to in `here`, which becomes a list or an object if it is neither.
json::value &entered(json::value &here, const std::string &token, const json::value &filling) {
    if (!is_index(token)) {
        if (!here.is_object())
            here = json::object();
        return here.get_object()[token];
    }
    if (!here.is_array())
        here = json::array();
    json::array &list = here.get_array();
    const std::size_t index = std::min<std::size_t>(std::stoul(token.substr(0, 6)), 1000);
    while (list.size() <= index)
        list.push_back(filling);
    return list[index];
}

} // namespace

void put_at(json::object &root, std::string_view pointer, const json::value &value) {
    json::value all(std::move(root));
    json::value *here = &all;
    while (!pointer.empty())
        here = &entered(*here, take_token(pointer), value);
    *here = value;
    root = std::move(all.get_object());
}

json::object settings_object(const std::vector<std::string> &assignments) {
    json::object result;
    for (const std::string &assignment : assignments) {
        const std::size_t equals = assignment.find('=');
        if (assignment.empty() || assignment.front() != '/' || equals == assignment.npos || equals < 2)
            throw framework::Error(framework::ErrorCode::usage, assignment,
                                   "this is no assignment; allowed: /setting=value, such as /directory=data");
        const std::string text = assignment.substr(equals + 1);
        json::error_code no_json;
        json::value value = json::parse(text, no_json);
        if (no_json)
            value = json::string(text);
        put_at(result, std::string_view(assignment).substr(0, equals), value);
    }
    return result;
}

} // namespace retort::host
