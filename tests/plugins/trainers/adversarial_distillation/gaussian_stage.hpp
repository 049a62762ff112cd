// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../stage.hpp"

#include <memory>
#include <plugins/heads/gaussian/gaussian.hpp>

namespace retort::test {

inline sdk::ComponentSpec<sdk::Head> gaussian_head() {
    return spec<sdk::Head>("gaussian", [](const sdk::HeadContext &context) {
        return std::make_unique<head_gaussian::Gaussian>(head_gaussian::Gaussian::Settings{}, context);
    });
}

/// The rich stage, with heads of Gaussians on its hidden layers of 5 and 2 units, and an adversary there.
inline void make_gaussian(Stage &stage) {
    make_rich(stage);
    PairSettings &hidden = stage.settings.pairs.items[1].second;
    hidden.teacher_head = gaussian_head();
    hidden.student_head = gaussian_head();
    stage.settings.adversaries.push_back(stage.adversary("hidden"));
    stage.settings.adversaries.back().pair = "hidden";
}

} // namespace retort::test
