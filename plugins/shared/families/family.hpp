// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/random.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace retort::plugin_support {

/// The parameters of one row's distribution, as in sdk::Distribution; `second` is empty in families with one.
struct FamilyRow {
    std::span<const float> first;
    std::span<const float> second = {};
};

/// Where gradients with respect to those parameters are ADDED, times the weight given. Empty: not wanted.
struct FamilyGradient {
    std::span<float> first = {};
    std::span<float> second = {};
};

/// The formulas of a family of sdk::Distribution's table, row by row, in nats. Every row is as wide as the space.
/// Densities on a simplex are those of its first n - 1 coordinates (Lebesgue measure).
///
/// Closed forms may use scratch of the object: one thread at a time. Samples and densities do not: any thread.
class Family {
  public:
    Family() = default;
    Family(const Family &) = delete;
    Family &operator=(const Family &) = delete;
    virtual ~Family() = default;

    /// As in Distribution::family.
    [[nodiscard]] virtual std::string_view name() const = 0;

    [[nodiscard]] virtual bool has_second() const = 0;

    /// H(q) = -E_q log q; of a categorical distribution that of its classes.
    virtual double entropy(FamilyRow q, double weight, FamilyGradient gradient) = 0;

    /// H(p, q) = -E_p log q; its gradient with respect to q.
    virtual double cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) = 0;

    /// KL(p || q) = E_p log p/q.
    virtual double divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) = 0;

    /// log q(z).
    [[nodiscard]] virtual double log_density(FamilyRow q, std::span<const float> z) const = 0;

    virtual void log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                                      FamilyGradient gradient) const = 0;

    /// How many numbers per row `sample` keeps for its gradient.
    [[nodiscard]] virtual std::size_t kept(std::size_t width) const = 0;

    /// z ~ q, a differentiable function of the parameters; all noise comes from `random`.
    virtual void sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const = 0;

    /// From `gradient` with respect to the z of that sample.
    virtual void sample_gradient(FamilyRow q, std::span<const float> kept, std::span<const float> gradient,
                                 FamilyGradient result) const = 0;
};

/// target[i] += value, where a gradient is wanted.
inline void add_to(std::span<float> target, std::size_t index, double value) {
    if (!target.empty())
        target[index] += static_cast<float>(value);
}

} // namespace retort::plugin_support
