// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parts of a stage on their own: a teacher, a student, one pair on their logits and one batch on its way.

#include "../stage.hpp"

#include <numeric>
#include <optional>
#include <plugins/trainers/adversarial_distillation/forward.hpp>
#include <plugins/trainers/adversarial_distillation/pair.hpp>
#include <plugins/trainers/adversarial_distillation/teacher.hpp>
#include <vector>

namespace retort::test {

/// All 23 examples of a FakeDataset as one batch.
struct Everything {
    explicit Everything(const sdk::Dataset &data) : inputs(23, data.width()), labels(23), ids(23) {
        std::iota(ids.begin(), ids.end(), std::uint64_t{0});
        data.read(sdk::Split::train, ids, inputs.view(), labels);
    }

    [[nodiscard]] sdk::Batch batch() const { return {inputs.view(), labels, ids, 0}; }

    sdk::MatrixBuffer inputs;
    std::vector<std::int32_t> labels;
    std::vector<std::uint64_t> ids;
};

/// The pair "logits" with a student's head that is trained or is none, and a Forward over all examples.
struct Game {
    explicit Game(bool trained_head = false) {
        PairSettings settings = Stage::pair();
        settings.student_head = fake_head({0, false, trained_head}, &student_head);
        pairs.push_back(trainer_adversarial_distillation::build_pair("logits", settings, stage.teacher, stage.student,
                                                                     stage.context()));
        pairs[0].used = true;
        pairs[0].teacher_output = teacher.want({1, nullptr});
        if (trained_head)
            student_head->initialise(sdk::Random{11});
    }

    /// Runs all examples through both models and the pair.
    trainer_adversarial_distillation::Forward &run() {
        if (!forward)
            forward.emplace(teacher, stage.student, pairs, 23, 0, true);
        forward->run(everything.batch(), sdk::Random{3}, stage.surroundings.services);
        return *forward;
    }

    Stage stage;
    Everything everything{stage.data};
    trainer_adversarial_distillation::Teacher teacher{stage.teacher};
    std::vector<trainer_adversarial_distillation::Pair> pairs;
    FakeHead *student_head = nullptr;
    std::optional<trainer_adversarial_distillation::Forward> forward;
};

} // namespace retort::test
