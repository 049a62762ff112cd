// SPDX-License-Identifier: Apache-2.0
#include "construction.hpp"

#include <algorithm>

namespace retort::framework {

void Construction::report(std::string_view pointer, std::string_view message, std::string_view plugin) {
    code_ = code_.value_or(ErrorCode::manifest);
    problems_.push_back({std::string(pointer), std::string(message),
                         plugin.empty() ? origin_->plugin : std::string(plugin), origin_->stage});
}

void Construction::add(const Error &error) {
    code_ = code_.value_or(error.code());
    problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
}

void Construction::throw_problems() const {
    if (code_)
        throw Error(*code_, problems_);
}

std::string Construction::plugin_of(std::string_view role, std::string_view type) const {
    const auto found = std::find_if(plan_.used.begin(), plan_.used.end(),
                                    [&](const Entry *entry) { return entry->role == role && entry->name == type; });
    return found == plan_.used.end() ? std::string() : (*found)->plugin;
}

} // namespace retort::framework
