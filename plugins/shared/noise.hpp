// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/random.hpp>

#include <cstdint>
#include <span>

// Vectorised noise for one row. Spans of one call have the same length; they are the same or disjoint.
namespace retort::plugin_support {

/// Inverted dropout (Srivastava et al. 2014): a number is dropped with probability `rate` and otherwise multiplied by
/// 1 / (1 - rate). The rate is rounded to a multiple of 2^-16, for the decisions as for the scale.
struct Dropout {
    explicit Dropout(double rate);

    [[nodiscard]] bool active() const { return threshold > 0; }

    std::uint32_t threshold; ///< 16 random bits below this drop
    float scale;
};

/// `result` = `values` after dropout; `random` decides, by its first bits, whatever is done before or after. What is
/// dropped becomes -0, and nothing else does: the result is its own mask.
void drop(const Dropout &dropout, sdk::Random random, std::span<const float> values, std::span<float> result);

/// The gradient of `drop`: `gradient` becomes 0 where `dropped` is -0, and is multiplied by the scale elsewhere.
void drop_gradient(const Dropout &dropout, std::span<float> gradient, std::span<const float> dropped);

/// `result` = `values` + standard deviation * independent standard normal numbers of `random` (Box and Muller 1958, in
/// float32: none beyond 5.8).
void add_noise(float standard_deviation, sdk::Random random, std::span<const float> values, std::span<float> result);

} // namespace retort::plugin_support
