// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/services.hpp>

#include <span>
#include <string_view>

namespace retort::sdk {

struct ObjectiveContext : Context {};

/// The game between discriminator and student, as two losses over scores a. Both are minimised; means are over rows;
/// gradients are written, not added. t: scores of the teacher's samples, s: of the student's. [training thread]
class RETORT_VISIBLE Objective : public Component {
  public:
    static constexpr std::string_view role = "objective";
    using Context = ObjectiveContext;

    /// How a score is to be read, and what figure 1 plots.
    enum class Score {
        logit, ///< D = sigmoid(a)
        raw    ///< the score itself
    };

    /// Where a gradient penalty wants d a / d z: nowhere, at the teacher's or student's samples, or between them.
    enum class Penalty { none, teacher, student, between };

    [[nodiscard]] virtual Score score() const = 0;

    /// Where a student that has met the teacher leaves both means: 0.5 for D = sigmoid(a).
    [[nodiscard]] virtual double equilibrium() const { return 0.5; }

    /// What `discriminator_loss` comes to when the discriminator is right and as sure as it is asked to be. -infinity
    /// where there is no lower bound: such a discriminator is never said to have won.
    [[nodiscard]] virtual double least_loss() const { return 0.0; }

    [[nodiscard]] virtual Penalty penalty_at() const { return Penalty::none; }

    /// The discriminator's loss; its gradients with respect to each score go to `t_gradient` and `s_gradient`. There
    /// are as many `t` as `s`, and row r of both is of the same example. At a replica without rows all are empty, and
    /// the loss is 0.
    virtual double discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                                      std::span<float> s_gradient, Progress progress) = 0;

    /// The student's loss, unweighted; its gradient times `scale` goes to `s_gradient`. `t` is empty unless
    /// `compares_scores`, and then as in `discriminator_loss`.
    virtual double student_loss(std::span<const float> t, std::span<const float> s, float scale,
                                std::span<float> s_gradient, Progress progress) = 0;

    /// Whether the student's loss reads the teacher's scores too (relativistic games).
    [[nodiscard]] virtual bool compares_scores() const { return false; }

    /// Loss of the squared norms of d a / d z, one per row; its gradient with respect to each goes to `gradient`.
    virtual double penalty(std::span<const float> squared_norms, std::span<float> gradient, Progress progress) {
        (void)squared_norms, (void)gradient, (void)progress;
        return 0.0;
    }
};

} // namespace retort::sdk
