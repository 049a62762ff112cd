// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/settings.hpp>

namespace retort::losses {

/// Distillation of logits (Hinton, Vinyals and Dean 2015), labelled or not:
///   T^2 * mean over rows of KL(softmax(teacher / T) || softmax(student / T)).
/// The factor T^2 keeps the size of the gradient as T grows; the teacher's entropy, a constant, is left out of the
/// paper's cross-entropy, so that a student that agrees has loss 0.
class Distillation final : public sdk::Loss {
  public:
    struct Settings {
        sdk::Schedule temperature = 4.0;

        void fields(sdk::Fields &fields);
    };

    Distillation(const Settings &settings, const sdk::LossContext &context);

    [[nodiscard]] On on() const override { return On::logits; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress progress) override;

  private:
    sdk::Schedule temperature_;
};

} // namespace retort::losses
