// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/random.hpp>

#include <cstdint>
#include <plugins/shared/activation.hpp>
#include <span>

// Vectorised loops over one row or a part of it. Spans of one call have the same length; they are the same or disjoint.
namespace retort::plugin_support {

/// `sum` += `values`.
void add(std::span<float> sum, std::span<const float> values);

/// An activation with its constant.
struct ActivationFunction {
    Activation kind = Activation::relu;
    float negative_slope = 0.0F; ///< of leaky_relu
};

/// `result` = activation of `values`.
void activate(ActivationFunction function, std::span<const float> values, std::span<float> result);

/// `gradient` *= derivative of the activation. `kept` times `factor` is its output, save for gelu, where it is its
/// input. Where relu and leaky_relu have no derivative, at 0, that of the negative side is taken.
void multiply_by_derivative(ActivationFunction function, std::span<float> gradient, std::span<const float> kept,
                            float factor = 1.0F);

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

/// `result` = `values` + standard deviation * normal numbers of `random`.
void add_noise(float standard_deviation, sdk::Random random, std::span<const float> values, std::span<float> result);

} // namespace retort::plugin_support
