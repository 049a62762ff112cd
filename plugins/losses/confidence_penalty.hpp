// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/settings.hpp>

#include <memory>
#include <plugins/shared/families/family.hpp>

namespace retort::losses {

/// The confidence penalty (Pereyra et al. 2017): minus the entropy of what the student says, in nats, the mean over all
/// rows, labelled or not. With a positive weight it keeps the student from being surer than it needs to be; with a
/// negative one it asks for certainty (entropy minimisation, Grandvalet and Bengio 2004).
class ConfidencePenalty final : public sdk::Loss {
  public:
    /// Whose entropy: of the classes that the student predicts, or of its head's distribution q_s.
    enum class Of { predictions, head };

    struct Settings {
        Of of = Of::predictions;

        void fields(sdk::Fields &fields);
    };

    /// Throws sdk::Error for a student's head without a density.
    ConfidencePenalty(const Settings &settings, const sdk::LossContext &context);

    [[nodiscard]] On on() const override { return of_ == Of::head ? On::distributions : On::logits; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress progress) override;

  private:
    Of of_;
    std::unique_ptr<plugin_support::Family> family_;
};

inline std::span<const std::string_view> names_of(ConfidencePenalty::Of) {
    static constexpr std::string_view names[] = {"predictions", "head"};
    return names;
}

} // namespace retort::losses
