// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pointwise.hpp"

#include <retort/sdk/settings.hpp>

namespace retort::objectives {

/// The student's loss -D(a): the paper's own student term, E D(s), to be minimised. With D at its optimum its gradient
/// is that of KL(q_t || (q_t + q_s) / 2).
[[nodiscard]] Term minus_probability(double a);

struct LogisticSettings {
    double teacher_target = 1.0;
    double r1 = 0.0;

    void fields(sdk::Fields &fields);
};

/// Games in which D = sigmoid(a) minimises the binary cross-entropy
///   -y E log D(t) - (1 - y) E log(1 - D(t)) - E log(1 - D(s)),
/// with y the `teacher_target`, 1 unless smoothed (Goodfellow et al. 2014; Salimans et al. 2016). They differ in the
/// student's loss.
class LogisticObjective : public PointwiseObjective {
  public:
    using Settings = LogisticSettings;

    explicit LogisticObjective(const Settings &settings)
        : PointwiseObjective(r1_penalty(settings.r1)), teacher_target_(settings.teacher_target) {}

    [[nodiscard]] Score score() const final { return Score::logit; }

    /// D's best answer where both distributions are the same.
    [[nodiscard]] double equilibrium() const final { return teacher_target_ / 2.0; }

    /// The entropy of the smoothed target, -y log y - (1 - y) log(1 - y), in nats.
    [[nodiscard]] double least_loss() const final;

  protected:
    [[nodiscard]] Term at_teacher(double a) const final;
    [[nodiscard]] Term at_student(double a) const final;

  private:
    double teacher_target_;
};

/// The paper's game with the minus of the discriminator's loss restored: the student minimises -E D(s).
class ExpectedProbability final : public LogisticObjective {
  public:
    ExpectedProbability(const Settings &settings, const sdk::ObjectiveContext &) : LogisticObjective(settings) {}

  protected:
    [[nodiscard]] Term for_student(double a) const override;
};

/// The student minimises E log(1 - D(s)) (Goodfellow et al. 2014, equation 1).
class Minimax final : public LogisticObjective {
  public:
    Minimax(const Settings &settings, const sdk::ObjectiveContext &) : LogisticObjective(settings) {}

  protected:
    [[nodiscard]] Term for_student(double a) const override;
};

/// The student minimises -E log D(s) (Goodfellow et al. 2014, section 3).
class NonSaturating final : public LogisticObjective {
  public:
    NonSaturating(const Settings &settings, const sdk::ObjectiveContext &) : LogisticObjective(settings) {}

  protected:
    [[nodiscard]] Term for_student(double a) const override;
};

} // namespace retort::objectives
