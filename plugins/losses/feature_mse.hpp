// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>

namespace retort::losses {

/// Hints (FitNets; Romero et al. 2015) on a pair's heads: the mean over rows and dimensions of (m_s - m_t)^2, with m
/// the location of a point or a Laplace distribution or the mean of a Gaussian. FitNets' regressor is the projection of
/// the student's head.
class FeatureMse final : public sdk::Loss {
  public:
    /// Throws sdk::Error for heads of other families, whose parameters are no places in z's space.
    explicit FeatureMse(const sdk::LossContext &context);

    [[nodiscard]] On on() const override { return On::distributions; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress progress) override;
};

} // namespace retort::losses
