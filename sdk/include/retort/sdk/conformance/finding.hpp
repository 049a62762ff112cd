// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace retort::sdk::conformance {

enum class Outcome { passed, failed, skipped };

[[nodiscard]] constexpr std::string_view name_of(Outcome outcome) {
    constexpr std::string_view names[] = {"passed", "failed", "skipped"};
    return names[static_cast<std::size_t>(outcome)];
}

/// What one check came to on one component, over everything that was tried.
struct Finding {
    std::string component; ///< "discriminator/mlp"
    std::string check;     ///< "input_gradient"
    Outcome outcome = Outcome::skipped;
    std::string reason;     ///< a sentence: what is wrong, or why it was skipped; empty where it passed
    std::string settings;   ///< with which it failed first: "hidden=[3, 5], dropout=0.5; with a condition"
    std::size_t trials = 0; ///< settings and situations in which the check was carried out
    double seconds = 0.0;
};

/// What one check came to in one trial.
struct Result {
    Outcome outcome = Outcome::passed;
    std::string reason = {};

    [[nodiscard]] bool failed() const { return outcome == Outcome::failed; }
};

[[nodiscard]] inline Result passed() {
    return {};
}

[[nodiscard]] inline Result failed(std::string reason) {
    return {Outcome::failed, std::move(reason)};
}

[[nodiscard]] inline Result skipped(std::string reason) {
    return {Outcome::skipped, std::move(reason)};
}

} // namespace retort::sdk::conformance
