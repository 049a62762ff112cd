// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/families/reparameterised.hpp>

namespace retort::plugin_support {

/// N(mu, diag sigma^2): mean and standard deviation. With sums over dimensions:
///   log q(z)    sum -log sigma - log(2 pi) / 2 - ((z - mu) / sigma)^2 / 2
///   H(q)        sum log sigma + log(2 pi e) / 2
///   H(p, q)     sum log sigma_q + log(2 pi) / 2 + (sigma_p^2 + (mu_p - mu_q)^2) / (2 sigma_q^2)
///   KL(p || q)  H(p, q) - H(p)
/// A sample is mu + sigma * e with standard normal e (Kingma and Welling 2014), which is kept.
class DiagonalGaussian final : public Reparameterised {
  public:
    [[nodiscard]] std::string_view name() const override { return "diagonal_gaussian"; }

    double entropy(FamilyRow q, double weight, FamilyGradient gradient) override;
    double cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) override;
    double divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) override;

    [[nodiscard]] double log_density(FamilyRow q, std::span<const float> z) const override;
    void log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                              FamilyGradient gradient) const override;

  private:
    void draw_standard(sdk::Random random, std::span<float> result) const override;
};

} // namespace retort::plugin_support
