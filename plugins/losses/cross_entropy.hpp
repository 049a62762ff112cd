// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/settings.hpp>

namespace retort::losses {

/// L(y | g): the cross-entropy of the student's prediction p = softmax(logits) with the label,
///   mean over labelled rows of -sum_c r_c log p_c,   r_c = (1 - e) [c = y] + e / classes,
/// with e the label smoothing (Szegedy et al. 2016). Without a labelled row it is 0.
class CrossEntropy final : public sdk::Loss {
  public:
    struct Settings {
        double label_smoothing = 0.0;

        void fields(sdk::Fields &fields);
    };

    CrossEntropy(const Settings &settings, const sdk::LossContext &context);

    [[nodiscard]] On on() const override { return On::labels; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress progress) override;

  private:
    double smoothing_;
};

} // namespace retort::losses
