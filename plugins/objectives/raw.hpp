// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pointwise.hpp"

#include <retort/sdk/settings.hpp>

namespace retort::objectives {

struct RawSettings {
    double r1 = 0.0;

    void fields(sdk::Fields &fields) { r1_field(fields, r1); }
};

/// Least-squares GAN (Mao et al. 2017) with a = 0, b = c = 1, on raw scores:
/// D minimises E (a(t) - 1)^2 / 2 + E a(s)^2 / 2, the student E (a(s) - 1)^2 / 2.
class LeastSquares final : public PointwiseObjective {
  public:
    using Settings = RawSettings;

    LeastSquares(const Settings &settings, const sdk::ObjectiveContext &)
        : PointwiseObjective(r1_penalty(settings.r1)) {}

    [[nodiscard]] Score score() const override { return Score::raw; }

    [[nodiscard]] double equilibrium() const override { return 0.5; }

  protected:
    [[nodiscard]] Term at_teacher(double a) const override;
    [[nodiscard]] Term at_student(double a) const override;
    [[nodiscard]] Term for_student(double a) const override;
};

/// Hinge loss (Lim and Ye 2017) on raw scores: D minimises E max(0, 1 - a(t)) + E max(0, 1 + a(s)), the student
/// -E a(s).
class Hinge final : public PointwiseObjective {
  public:
    using Settings = RawSettings;

    Hinge(const Settings &settings, const sdk::ObjectiveContext &) : PointwiseObjective(r1_penalty(settings.r1)) {}

    [[nodiscard]] Score score() const override { return Score::raw; }

    [[nodiscard]] double equilibrium() const override { return 0.0; }

  protected:
    [[nodiscard]] Term at_teacher(double a) const override;
    [[nodiscard]] Term at_student(double a) const override;
    [[nodiscard]] Term for_student(double a) const override;
};

} // namespace retort::objectives
