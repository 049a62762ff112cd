// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/roles/objective.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// The gradient penalty of an objective, P = sum_r p(|g_r|^2) with g_r = d a / d z at a point z_r for every example:
/// with p' = d P / d |g_r|^2,
///   d P / d theta = sum_r p'_r d |g_r|^2 / d theta = d / d theta sum_r <2 p'_r g_r, d a / d z_r>,
/// the vector 2 p'_r g_r being held: the discriminator's `second_backward`.
class Penalty {
  public:
    /// Makes the pass, or none where the objective wants no penalty.
    void prepare(sdk::Discriminator &discriminator, sdk::Objective::Penalty at, std::size_t rows,
                 std::size_t tail_rows);

    [[nodiscard]] bool wanted() const { return pass_ != nullptr; }

    /// |d a / d z|^2 at the teacher's samples, the student's, or between them: e t + (1 - e) s, with e uniform in [0,
    /// 1) by the example's stream. Noise as in training, state frozen. Valid until the next call.
    [[nodiscard]] std::span<const float> squared_norms(sdk::ConstMatrix teacher, sdk::ConstMatrix student,
                                                       const sdk::Condition &condition, sdk::Random random,
                                                       sdk::Progress progress);

    /// Where d P / d |g_r|^2 is to be written, as many as there are norms.
    [[nodiscard]] std::span<float> slopes() { return std::span(slopes_).first(rows_); }

    /// Adds `scale` times d P / d theta to the discriminator's gradients.
    void add_gradient(double scale);

    /// Of the last `squared_norms`.
    [[nodiscard]] sdk::ConstMatrix points() const { return pass_->input().slice(0, rows_); }

    [[nodiscard]] std::span<const float> scores() const { return pass_->scores(); }

  private:
    void choose_points(sdk::ConstMatrix teacher, sdk::ConstMatrix student, std::size_t first_row, sdk::Random random);

    sdk::Objective::Penalty at_ = sdk::Objective::Penalty::none;
    std::unique_ptr<sdk::DiscriminatorPass> pass_;
    std::vector<float> units_;
    std::vector<float> squared_norms_;
    std::vector<float> slopes_;
    sdk::MatrixBuffer direction_;
    std::size_t rows_ = 0;
};

} // namespace retort::trainer_adversarial_distillation
