// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/objective.hpp>

#include <span>

namespace retort::trainer_adversarial_distillation {

/// How well a discriminator tells the two sides apart, from 0 to 1; one that cannot has 0.5, and what it cannot decide
/// counts half. Row r of `teacher` and of `student` are the scores of one example, at least one.
///
/// Of logits it is the part of the samples on the right side of the objective's equilibrium. Raw scores may drift as a
/// whole: of these it is the part of the examples whose teacher's sample scores higher than the student's.
[[nodiscard]] double accuracy_of(const sdk::Objective &objective, std::span<const float> teacher,
                                 std::span<const float> student);

} // namespace retort::trainer_adversarial_distillation
