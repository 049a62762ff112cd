// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pointwise.hpp"

#include <retort/sdk/settings.hpp>

#include <limits>

namespace retort::objectives {

/// The Wasserstein game with a gradient penalty (Arjovsky et al. 2017, Gulrajani et al. 2017): D minimises
///   E a(s) - E a(t) + penalty * E (|d a / d z| - 1)^2,
/// z lying between a sample of the teacher's and one of the student's, the student -E a(s). With D at its optimum the
/// student descends the Wasserstein-1 distance. Scores are raw, and their level means nothing, so that both means are
/// equal, wherever they are, when the student has met the teacher.
class Wasserstein final : public PointwiseObjective {
  public:
    struct Settings {
        double penalty = 10.0;

        void fields(sdk::Fields &fields);
    };

    Wasserstein(const Settings &settings, const sdk::ObjectiveContext &);

    [[nodiscard]] Score score() const override { return Score::raw; }

    [[nodiscard]] double equilibrium() const override { return 0.0; }

    [[nodiscard]] double least_loss() const override { return -std::numeric_limits<double>::infinity(); }

  protected:
    [[nodiscard]] Term at_teacher(double a) const override { return {-a, -1.0}; }

    [[nodiscard]] Term at_student(double a) const override { return {a, 1.0}; }

    [[nodiscard]] Term for_student(double a) const override { return {-a, -1.0}; }
};

} // namespace retort::objectives
