// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stage in which failures are put, and what it tells of them.

#include "../stage.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace retort::test {

inline constexpr const char *won = "adversary main: its discriminator has won";
inline constexpr const char *blind = "adversary main: its discriminator is blind";
inline constexpr const char *vanished = "adversary main: its gradient has vanished";
inline constexpr const char *collapsed = "student: its logits have collapsed";

/// A stage whose players stand still, measured at every step and judged in windows of six.
inline void start_still(Stage &stage) {
    stage.settings.optimizer = fake_optimizer(0.0F);
    stage.settings.adversaries[0].optimizer = fake_optimizer(0.0F);
    stage.settings.telemetry_every = 1;
    stage.settings.alarms.window = 6;
    stage.settings.epochs = 20;
    stage.start();
}

inline void set(std::span<float> values, float value) {
    std::fill(values.begin(), values.end(), value);
}

inline std::span<float> theta(Stage &stage) {
    return stage.discriminator->parameters().values;
}

/// The second layer of the student, [3, 2].
inline std::span<float> last_layer(Stage &stage) {
    return stage.student.parameters().values.subspan(16, 6);
}

/// The alarms that begin with `text` in steps from `begin` to before `end`.
inline std::vector<std::string> told(Stage &stage, std::uint64_t begin, std::uint64_t end, const std::string &text) {
    auto &events = stage.surroundings.services.events;
    events.clear();
    for (std::uint64_t k = begin; k < end; ++k)
        stage.trainer->step(k, stage.metrics);
    std::vector<std::string> found;
    for (const auto &[kind, message] : events)
        if (kind == "alarm" && message.starts_with(text))
            found.push_back(message);
    return found;
}

/// The scores of a teacher with weights above 0 are far above the student's.
inline void let_the_discriminator_win(Stage &stage) {
    set(stage.student.parameters().values, 2.0F);
    set(last_layer(stage), -2.0F);
    set(theta(stage), 1.0F);
}

} // namespace retort::test
