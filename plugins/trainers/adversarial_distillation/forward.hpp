// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <plugins/trainers/adversarial_distillation/pair.hpp>
#include <plugins/trainers/adversarial_distillation/teacher.hpp>
#include <span>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// One batch on its way through teacher, student and the heads of all used pairs.
class Forward {
  public:
    /// `gradients`: the student trains (and its heads), and can be run backward; otherwise its noise is on and its
    /// state frozen. All must outlive this.
    Forward(const Teacher &teacher, sdk::Model &student, std::span<Pair> pairs, std::size_t rows, std::size_t tail_rows,
            bool gradients);

    /// `batch`, this replica's share, must stay valid until after the backward. Where it has no rows nothing is run.
    void run(const sdk::Batch &batch, sdk::Random random, sdk::Services &services);

    [[nodiscard]] const sdk::Batch &batch() const { return batch_; }

    [[nodiscard]] const sdk::BatchShare &share() const { return share_; }

    [[nodiscard]] std::size_t rows() const { return batch_.inputs.rows; }

    [[nodiscard]] sdk::ConstMatrix logits() const { return student_->tap(logits_); }

    [[nodiscard]] sdk::ConstMatrix teacher_output(std::size_t index) const { return teacher_.output(index); }

    /// The distributions of a used pair.
    [[nodiscard]] PairPass &pair(std::size_t index) { return *passes_[index]; }

    [[nodiscard]] sdk::Condition condition(std::size_t pair) const;

    /// Runs the student backward; its parameter gradients are replaced.
    void backward(std::span<const sdk::TapGradient> gradients) { student_->backward(gradients, sdk::Write::replace); }

  private:
    TeacherPass teacher_;
    std::span<Pair> pairs_;
    std::size_t logits_;
    std::unique_ptr<sdk::ModelPass> student_;
    std::vector<std::optional<PairPass>> passes_; // empty for unused pairs
    sdk::Batch batch_;
    sdk::BatchShare share_;
};

} // namespace retort::trainer_adversarial_distillation
