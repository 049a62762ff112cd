// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/schedule.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <plugins/trainers/adversarial_distillation/forward.hpp>
#include <string>

namespace retort::trainer_adversarial_distillation {

/// What a loss term is made of.
struct LossParts {
    std::string name;    ///< unique in the stage
    std::string pointer; ///< in the stage's settings
    sdk::Schedule weight = 1.0;
    std::unique_ptr<sdk::Loss> loss;
    std::size_t tap = 0;            ///< the student's: the pair's, or the logits
    std::size_t pair = 0;           ///< index; only for losses on distributions
    std::size_t teacher_logits = 0; ///< index in Teacher; only for losses on both models' logits
};

/// One weighted loss of the student.
class LossTerm {
  public:
    explicit LossTerm(LossParts parts);

    /// `tap_width`: of the student's tap; `space_width`: of the pair's space, 0 without a pair.
    void prepare(std::size_t rows, std::size_t tap_width, std::size_t space_width);

    /// The gradient of weight times the loss with respect to the student's tap, as this replica's part of the mean over
    /// the whole batch. Valid until the next call.
    [[nodiscard]] sdk::TapGradient evaluate(Forward &forward, sdk::Progress progress);

    /// What is reported, of the rows of the last `evaluate`, becomes that of the whole batch when `sums` are summed; of
    /// a replica without rows, too.
    void gather(const sdk::BatchShare &share, sdk::ReplicaSums &sums);

    /// weight times the loss of the step `progress`.
    [[nodiscard]] double weighted_loss(sdk::Progress progress) const { return weight(progress) * loss_; }

    [[nodiscard]] double weight(sdk::Progress progress) const { return parts_.weight.at(progress); }

    [[nodiscard]] bool is_on_labels() const { return parts_.loss->on() == sdk::Loss::On::labels; }

    [[nodiscard]] const std::string &name() const { return parts_.name; }

    /// Of the last `evaluate`: the loss without its weight by its name, and "<name>.gradient_norm" with it, at the tap.
    void report(sdk::Metrics &metrics) const;

    void visit_state(sdk::StateVisitor &visitor);

    [[nodiscard]] LossParts &parts() { return parts_; }

  private:
    [[nodiscard]] double part_of(const sdk::BatchShare &share) const;
    double on_logits(Forward &forward, float weight, sdk::Matrix gradient, sdk::Progress progress);
    double on_distributions(Forward &forward, float weight, sdk::Matrix gradient, sdk::Progress progress);

    LossParts parts_;
    std::string norm_name_;
    double loss_ = 0.0;
    double norm_ = 0.0;
    sdk::MatrixBuffer gradient_;
    std::array<sdk::MatrixBuffer, 2> parameter_gradients_; // with respect to q_s
};

} // namespace retort::trainer_adversarial_distillation
