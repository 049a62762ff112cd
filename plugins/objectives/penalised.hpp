// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/settings.hpp>

namespace retort::objectives {

/// weight * E (|d a / d z| - slope)^2 over the samples at `at`; of none where that is none.
struct SlopePenalty {
    sdk::Objective::Penalty at = sdk::Objective::Penalty::none;
    double weight = 0.0;
    double slope = 0.0;
};

/// R1 (Mescheder et al. 2018): gamma / 2 E |d a / d z|^2 at the teacher's samples.
[[nodiscard]] SlopePenalty r1_penalty(double gamma);

/// Declares the setting "r1", the gamma of `r1_penalty`.
void r1_field(sdk::Fields &fields, double &gamma);

/// A game whose discriminator is held back by a penalty on its slope, or by none.
class PenalisedObjective : public sdk::Objective {
  public:
    [[nodiscard]] Penalty penalty_at() const final { return penalty_.at; }

    double penalty(std::span<const float> squared_norms, std::span<float> gradient, sdk::Progress progress) final;

  protected:
    explicit PenalisedObjective(SlopePenalty penalty) : penalty_(penalty) {}

  private:
    SlopePenalty penalty_;
};

} // namespace retort::objectives
