// SPDX-License-Identifier: Apache-2.0
#include "construction.hpp"

#include <utility>

namespace retort::framework {

void Construction::report(std::string_view pointer, std::string_view message, std::string_view plugin) {
    code_ = code_.value_or(ErrorCode::manifest);
    problems_.push_back({place_ + std::string(pointer), std::string(message),
                         plugin.empty() ? origin_->plugin : std::string(plugin), origin_->stage});
}

void Construction::add(const Error &error) {
    code_ = code_.value_or(error.code());
    for (Problem problem : error.problems()) {
        problem.where.insert(0, place_);
        problems_.push_back(std::move(problem));
    }
}

void Construction::throw_problems() const {
    if (code_)
        throw Error(*code_, problems_);
}

} // namespace retort::framework
