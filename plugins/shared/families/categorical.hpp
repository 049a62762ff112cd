// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/families/family.hpp>

namespace retort::plugin_support {

/// Probabilities of classes, pi = softmax(logits). Entropy, cross-entropy and divergence are those of the classes:
///   H(q)        -sum pi_c log pi_c
///   H(p, q)     -sum pi^p_c log pi^q_c
///   KL(p || q)  H(p, q) - H(p)
/// Samples are relaxed, z = softmax((log pi + g) / t) with standard Gumbel numbers g and the temperature t:
/// Gumbel-softmax (Jang et al. 2017), the Concrete distribution (Maddison et al. 2017). The density is that of such a
/// sample:
///   log q(z)    log Gamma(n) + (n - 1) log t + sum_c (log pi_c - (t + 1) log z_c) - n log sum_c pi_c z_c^-t,
/// where a z_c below the normal range of float32 counts as its least number.
class Categorical final : public Family {
  public:
    /// t of what is drawn and judged from now on; positive.
    void set_relaxation(double temperature) { relaxation_ = temperature; }

    [[nodiscard]] std::string_view name() const override { return "categorical"; }

    [[nodiscard]] bool has_second() const override { return false; }

    double entropy(FamilyRow q, double weight, FamilyGradient gradient) override;
    double cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) override;
    double divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) override;

    [[nodiscard]] double log_density(FamilyRow q, std::span<const float> z) const override;
    void log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                              FamilyGradient gradient) const override;

    /// Keeps z, and t.
    [[nodiscard]] std::size_t kept(std::size_t width) const override { return width + 1; }

    void sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const override;
    void sample_gradient(FamilyRow q, std::span<const float> kept, std::span<const float> gradient,
                         FamilyGradient result) const override;

  private:
    double relaxation_ = 1.0;
};

} // namespace retort::plugin_support
