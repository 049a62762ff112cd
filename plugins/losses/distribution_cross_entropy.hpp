// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/settings.hpp>

namespace retort::losses {

/// The cross-entropy between the two parametric distributions, H(q_t, q_s) = -E_{z ~ q_t} log q_s(z), in nats, in
/// closed form; the mean over rows. With sums over dimensions or classes c:
///   diagonal Gaussians  sum log sigma_s + log(2 pi) / 2 + (sigma_t^2 + (mu_t - mu_s)^2) / (2 sigma_s^2)
///   a teacher's point   the same with sigma_t = 0: -log q_s at the point
///   categorical         -sum softmax(teacher)_c log softmax(student)_c
/// Densities may exceed one, so the first two may be negative. A student's point makes it infinite and is refused.
class DistributionCrossEntropy final : public sdk::Loss {
  public:
    /// Whose distributions: those of a pair's heads, or what both models say of the label.
    enum class Between { heads, predictions };

    struct Settings {
        Between between = Between::heads;

        void fields(sdk::Fields &fields);
    };

    /// Throws sdk::Error for heads whose families have no finite closed form.
    DistributionCrossEntropy(const Settings &settings, const sdk::LossContext &context);

    [[nodiscard]] On on() const override { return between_ == Between::heads ? On::distributions : On::logits; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress progress) override;

  private:
    Between between_;
};

inline std::span<const std::string_view> names_of(DistributionCrossEntropy::Between) {
    static constexpr std::string_view names[] = {"heads", "predictions"};
    return names;
}

} // namespace retort::losses
