// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pointwise.hpp"

#include <retort/sdk/settings.hpp>

#include <limits>

namespace retort::objectives {

/// The paper's game as it is printed, without the minus of the discriminator's loss: D minimises
/// E log D(t) + E log(1 - D(s)), the student minimises -E D(s). Kept so that it can be seen to fail: both want D(s) to
/// grow, D's loss has no lower bound, and the student runs away from the teacher.
class AsPrinted final : public PointwiseObjective {
  public:
    struct Settings {
        bool acknowledge = false;

        void fields(sdk::Fields &fields);
    };

    /// Errors: ErrorKind::settings at "/acknowledge" unless that is true. Warns where it is.
    AsPrinted(const Settings &settings, const sdk::ObjectiveContext &context);

    [[nodiscard]] Score score() const override { return Score::logit; }

    [[nodiscard]] double least_loss() const override { return -std::numeric_limits<double>::infinity(); }

  protected:
    [[nodiscard]] Term at_teacher(double a) const override;
    [[nodiscard]] Term at_student(double a) const override;
    [[nodiscard]] Term for_student(double a) const override;
};

} // namespace retort::objectives
