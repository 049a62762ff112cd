// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/model.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace retort::trainer_adversarial_distillation {

/// Euclidean norm of the sum of the gradients at `tap`; 0 without any.
[[nodiscard]] double norm_at(std::span<const sdk::TapGradient> gradients, std::size_t tap);

/// Balances an adversary's gradient against that of the losses at the same tap: with the running means m_l and m_a of
/// the norms of the losses' gradient and of the adversary's for lambda = 1, over the steps before,
///   factor = ratio * m_l / m_a,   at most 1000,   m <- 0.99 m + 0.01 norm after each step.
/// Both means begin at 0, which cancels in their quotient. While one of them is 0, as before the first step, the factor
/// is 1, and so it is where the ratio is 0: there is no balancing.
class Balance {
  public:
    explicit Balance(double ratio) : ratio_(ratio) {}

    /// Exchanges the ratio with `other`, and the means where the adversary's gradient is that of another game.
    void exchange(Balance &other, bool means) noexcept;

    [[nodiscard]] double factor() const;

    /// Takes the losses' part of this replica's rows.
    void measure(std::span<const sdk::TapGradient> losses, std::size_t tap);

    /// What was measured becomes that of the whole batch when `sums` are summed.
    void gather(const sdk::BatchShare &share, sdk::ReplicaSums &sums) { sums.norm(measured_, share.rows); }

    /// After a step: `adversary_norm` is that of the adversary's gradient, whose weight was `strength` times that of
    /// lambda = 1 without balancing. A step without weight says nothing.
    void update(double adversary_norm, double strength);

    void visit_state(sdk::StateVisitor &visitor, const std::string &path);

  private:
    double ratio_;
    double measured_ = 0.0;
    double losses_ = 0.0;
    double adversary_ = 0.0;
};

} // namespace retort::trainer_adversarial_distillation
