// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/families/expected_log_sum.hpp>
#include <plugins/shared/families/family.hpp>

namespace retort::plugin_support {

/// The logistic normal distribution: z = softmax(y), y ~ N(m, diag s^2) (Atchison and Shen 1980). The log-ratios
/// log z_i / z_n are n - 1 normal numbers with the covariance diag(s_i^2) + s_n^2 1 1^T, which Sherman and Morrison's
/// formula inverts. Written for all n alike, with w = 1 / s^2, W = sum w, and |v|^2 = sum w (v - sum w v / W)^2, which
/// does not see what is added to all of v:
///   log q(z)    -(n - 1) log(2 pi) / 2 - sum log s - log(W) / 2 - |log z - m|^2 / 2 - sum log z
///   KL(p || q)  sum log(s_q / s_p) + log(W_q / W_p) / 2 - (n - 1) / 2
///               + (sum w_q s_p^2 - sum w_q^2 s_p^2 / W_q + |m_p - m_q|_q^2) / 2
///   H(q)        (n - 1) log(2 pi e) / 2 + sum log s + log(W) / 2 + E sum log z
///   H(p, q)     KL(p || q) + H(p)
/// E sum log z = sum m - n E log sum exp y, for which there is no closed form: see ExpectedLogSum, which says how well
/// it is known. It does not depend on q in H(p, q), whose gradient is exact.
///
/// A sample keeps z and y's standard normal numbers. A z_c below the normal range of float32 counts as its least number
/// in a density.
class LogisticNormal final : public Family {
  public:
    [[nodiscard]] std::string_view name() const override { return "logistic_normal"; }

    [[nodiscard]] bool has_second() const override { return true; }

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

  private:
    ExpectedLogSum log_sum_;
};

} // namespace retort::plugin_support
