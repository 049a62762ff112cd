// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plugin_file.hpp>

#include <string>
#include <string_view>

namespace retort::framework {

/// What a process that tries a plugin tells its parent: "loaded", or "refused WORD: REASON" with the word of a Refusal.
/// A plugin that ends the process before leaves no answer.
inline constexpr std::string_view trial_loaded = "loaded";
inline constexpr std::string_view trial_refused = "refused ";

/// The answer of a file that was refused.
[[nodiscard]] inline std::string refused_answer(Refusal refusal, const std::string &reason) {
    return std::string(trial_refused) + std::string(name_of(refusal)) + ": " + reason;
}

} // namespace retort::framework
