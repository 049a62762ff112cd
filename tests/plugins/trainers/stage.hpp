// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fake_settings.hpp"

#include <optional>
#include <plugins/trainers/adversarial_distillation/adversarial_distillation.hpp>
#include <plugins/trainers/supervised/supervised.hpp>
#include <string>
#include <vector>

namespace retort::test {

using Distillation = trainer_adversarial_distillation::AdversarialDistillation;
using PairSettings = trainer_adversarial_distillation::PairSettings;
using AdversarySettings = trainer_adversarial_distillation::AdversarySettings;
using LossSettings = trainer_adversarial_distillation::LossSettings;

/// A teacher (5 hidden units), a student (2), 23 examples in batches of 10, and a stage with a linear discriminator on
/// the logits and a loss on labels; the last observed parts of it.
struct Stage {
    Stage() {
        parts.data = &data;
        parts.models = {{"teacher", &teacher}, {"student", &student}};
        settings.teacher.name = "teacher";
        settings.student.name = "student";
        settings.data.name = "data";
        settings.batch = 10;
        settings.epochs = 4;
        settings.optimizer = fake_optimizer(0.05F);
        settings.pairs.items = {{"logits", pair()}};
        settings.adversaries = {adversary("main")};
        settings.losses = {{fake_loss(sdk::Loss::On::labels), 1.0, {}}};
    }

    [[nodiscard]] static PairSettings pair() {
        PairSettings result;
        result.teacher_head = fake_head();
        result.student_head = fake_head();
        return result;
    }

    AdversarySettings adversary(const std::string &name) {
        AdversarySettings result;
        result.name = name;
        result.pair = "logits";
        result.discriminator = fake_discriminator(false, &discriminator);
        result.objective = fake_objective({}, &objective);
        result.optimizer = fake_optimizer(0.1F, &discriminator_optimizer);
        return result;
    }

    /// A condition on the teacher's hidden layer, and a discriminator that reads it.
    void add_condition() {
        settings.pairs.items[0].second.condition.emplace();
        settings.pairs.items[0].second.condition->tap = "hidden.0";
        settings.pairs.items[0].second.condition->head = fake_head({0, true, false}, &condition_head);
        settings.adversaries[0].discriminator = fake_discriminator(true, &discriminator);
    }

    [[nodiscard]] sdk::TrainerContext context() { return {surroundings.context(7), parts}; }

    Distillation &build() { return trainer.emplace(settings, context()); }

    Distillation &start() {
        build().prepare(false);
        return *trainer;
    }

    /// Runs `count` steps from the first.
    void run(std::uint64_t count) {
        start();
        for (std::uint64_t k = 0; k < count; ++k)
            trainer->step(k, metrics);
    }

    [[nodiscard]] std::vector<float> student_values() {
        const std::span<float> values = student.parameters().values;
        return {values.begin(), values.end()};
    }

    Surroundings surroundings;
    FakeDataset data;
    FakeModel teacher{4, 5, 3, 1};
    FakeModel student{4, 2, 3, 2};
    FakeParts parts;
    FakeMetrics metrics;
    Distillation::Settings settings;
    FakeDiscriminator *discriminator = nullptr;
    FakeObjective *objective = nullptr;
    FakeOptimizer *discriminator_optimizer = nullptr;
    FakeHead *condition_head = nullptr;
    std::optional<Distillation> trainer;
};

/// Two pairs, two adversaries on the first, a trained student's head, a condition, and one loss of every kind.
inline void make_rich(Stage &stage) {
    stage.add_condition();
    PairSettings hidden;
    hidden.teacher_tap = hidden.student_tap = "hidden.0"; // 5 and 2 wide: the student's head projects
    hidden.teacher_head = fake_head({0, true, false});
    hidden.student_head = fake_head();
    stage.settings.pairs.items.emplace_back("hidden", hidden);
    stage.settings.adversaries.push_back(stage.adversary("second"));
    stage.settings.adversaries[1].discriminator_steps = 2;
    stage.settings.adversaries[1].fresh_batches = true;
    stage.settings.losses.push_back({fake_loss(sdk::Loss::On::logits), 0.5, {}});
    stage.settings.losses.push_back({fake_loss(sdk::Loss::On::distributions), 0.25, "hidden"});
}

inline std::vector<float> copy_of(std::span<const float> values) {
    return {values.begin(), values.end()};
}

} // namespace retort::test
