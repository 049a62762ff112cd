// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "penalised.hpp"

#include <cmath>

namespace retort::objectives {

/// A function of a score at one place.
struct Term {
    double value;
    double slope; ///< its derivative
};

/// log(1 + e^a); exact to double at any a. Its derivative is sigmoid(a).
inline double softplus(double a) {
    return std::fmax(a, 0.0) + std::log1p(std::exp(-std::fabs(a)));
}

/// 1 / (1 + e^-a); tiny results keep their relative precision.
inline double sigmoid(double a) {
    const double e = std::exp(-std::fabs(a));
    return (a >= 0.0 ? 1.0 : e) / (1.0 + e);
}

/// A game whose losses are means of functions of one score, each row by itself. The discriminator's loss is the mean
/// over the teacher's rows plus the mean over the student's rows; a mean over no rows is 0.
class PointwiseObjective : public PenalisedObjective {
  public:
    double discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                              std::span<float> s_gradient, sdk::Progress progress) final;

    double student_loss(std::span<const float> t, std::span<const float> s, float scale, std::span<float> s_gradient,
                        sdk::Progress progress) final;

  protected:
    explicit PointwiseObjective(SlopePenalty penalty = {}) : PenalisedObjective(penalty) {}

    /// The discriminator's loss at the score of a teacher's sample.
    [[nodiscard]] virtual Term at_teacher(double a) const = 0;

    /// The discriminator's loss at the score of a student's sample.
    [[nodiscard]] virtual Term at_student(double a) const = 0;

    /// The student's own loss at the score of its sample.
    [[nodiscard]] virtual Term for_student(double a) const = 0;
};

} // namespace retort::objectives
