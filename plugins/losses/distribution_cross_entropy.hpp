// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/settings.hpp>

#include <memory>
#include <plugins/shared/families/family.hpp>

namespace retort::losses {

/// The cross-entropy between the two parametric distributions, H(q_t, q_s) = -E_{z ~ q_t} log q_s(z), in nats; the mean
/// over rows. Both are of one family, whose formula it is (plugins/shared/families); of a teacher's point it is -log
/// q_s there. Of categorical distributions it is that of the classes, -sum softmax(teacher)_c log softmax(student)_c.
/// Densities may exceed one, so but for the latter it may be negative. A student's point makes it infinite and is
/// refused.
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
    double of_row(const sdk::Distribution &teacher, plugin_support::FamilyRow student, std::size_t row, double weight,
                  plugin_support::FamilyGradient gradient);

    Between between_;
    std::unique_ptr<plugin_support::Family> family_;
};

inline std::span<const std::string_view> names_of(DistributionCrossEntropy::Between) {
    static constexpr std::string_view names[] = {"heads", "predictions"};
    return names;
}

} // namespace retort::losses
