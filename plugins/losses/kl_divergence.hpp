// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/settings.hpp>

#include <memory>
#include <plugins/shared/families/family.hpp>

namespace retort::losses {

/// The Kullback-Leibler divergence between the two distributions of a pair, in nats, in closed form; the mean over
/// rows. Forward, KL(q_t || q_s) = H(q_t, q_s) - H(q_t): the student covers what the teacher thinks possible. Reverse,
/// KL(q_s || q_t): it keeps to what the teacher thinks likely. Both are 0 where the two agree.
class KlDivergence final : public sdk::Loss {
  public:
    enum class Direction { forward, reverse };

    struct Settings {
        Direction direction = Direction::forward;

        void fields(sdk::Fields &fields);
    };

    /// Throws sdk::Error for heads of different families, or without a density.
    KlDivergence(const Settings &settings, const sdk::LossContext &context);

    [[nodiscard]] On on() const override { return On::distributions; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress progress) override;

  private:
    Direction direction_;
    std::unique_ptr<plugin_support::Family> family_;
};

inline std::span<const std::string_view> names_of(KlDivergence::Direction) {
    static constexpr std::string_view names[] = {"forward", "reverse"};
    return names;
}

} // namespace retort::losses
