// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/families/family.hpp>

namespace retort::plugin_support {

/// The Dirichlet distribution with concentrations alpha > 0; a bare sum is one over classes, and A = sum alpha:
///   log q(z)    log Gamma(A) - sum log Gamma(alpha) + sum (alpha - 1) log z
///   E log z_c   psi(alpha_c) - psi(A), psi = digamma
///   H(q)        sum log Gamma(alpha) - log Gamma(A) - sum (alpha - 1) E log z
///   H(p, q)     sum log Gamma(alpha_q) - log Gamma(A_q) - sum (alpha_q - 1) E_p log z
///   KL(p || q)  H(p, q) - H(p)
/// A sample is a row of gamma numbers of shapes alpha (gamma.hpp) divided by their sum, from their logarithms; z and
/// their slopes are kept: d z_j / d alpha_c = (z_c [j = c] - z_j z_c) d log x_c / d alpha_c. A z_c below the normal
/// range of float32 counts as its least number in a density.
class Dirichlet final : public Family {
  public:
    [[nodiscard]] std::string_view name() const override { return "dirichlet"; }

    [[nodiscard]] bool has_second() const override { return false; }

    double entropy(FamilyRow q, double weight, FamilyGradient gradient) override;
    double cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) override;
    double divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) override;

    [[nodiscard]] double log_density(FamilyRow q, std::span<const float> z) const override;
    void log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                              FamilyGradient gradient) const override;

    [[nodiscard]] std::size_t kept(std::size_t width) const override { return 2 * width; }

    void sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const override;
    void sample_gradient(FamilyRow q, std::span<const float> kept, std::span<const float> gradient,
                         FamilyGradient result) const override;
};

} // namespace retort::plugin_support
