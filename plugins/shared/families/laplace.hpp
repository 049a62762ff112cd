// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/families/reparameterised.hpp>

namespace retort::plugin_support {

/// Independent Laplace distributions: location m and scale b > 0, whose standard deviation is b sqrt(2). With sums over
/// dimensions, d = |m_p - m_q| and A = d + b_p exp(-d / b_p), the mean of |z - m_q| under p:
///   log q(z)    sum -log 2b - |z - m| / b
///   H(q)        sum 1 + log 2b
///   H(p, q)     sum log 2 b_q + A / b_q
///   KL(p || q)  H(p, q) - H(p)
/// A sample is m + b e, with e the inverse distribution function of the standard one at a uniform number; e is kept.
class Laplace final : public Reparameterised {
  public:
    [[nodiscard]] std::string_view name() const override { return "laplace"; }

    double entropy(FamilyRow q, double weight, FamilyGradient gradient) override;
    double cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) override;
    double divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) override;

    [[nodiscard]] double log_density(FamilyRow q, std::span<const float> z) const override;

    /// At z = m, where the density has a kink, the slope in m is 0.
    void log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                              FamilyGradient gradient) const override;

  private:
    void draw_standard(sdk::Random random, std::span<float> result) const override;
};

} // namespace retort::plugin_support
