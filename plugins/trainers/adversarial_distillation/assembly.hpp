// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/trainer.hpp>

#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <plugins/trainers/adversarial_distillation/loss_term.hpp>
#include <plugins/trainers/adversarial_distillation/pair.hpp>
#include <plugins/trainers/adversarial_distillation/settings.hpp>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// What a stage's settings become. After a mistake, which is reported to the context's problems, parts are missing.
struct Assembly {
    std::vector<Pair> pairs;
    std::vector<Adversary> adversaries;
    std::vector<LossTerm> losses;
};

/// Builds all pairs, adversaries and losses of a stage, and reports every mistake in them.
[[nodiscard]] Assembly assemble(const Settings &settings, sdk::Model &teacher, sdk::Model &student,
                                const sdk::Dataset &dataset, const sdk::TrainerContext &context);

} // namespace retort::trainer_adversarial_distillation
