// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/bfloat16.hpp>

#include <plugins/shared/activation.hpp>
#include <span>

// Vectorised loops over one row or a part of it. Spans of one call have the same length; they are the same or disjoint.
namespace retort::plugin_support {

/// `sum` += `values`.
void add(std::span<float> sum, std::span<const float> values);

/// `sum` += `factor` * `values`.
void add_scaled(std::span<float> sum, float factor, std::span<const float> values);

/// `result` = `factor` * `values`.
void scale(float factor, std::span<const float> values, std::span<float> result);

/// `product` *= `values`.
void multiply(std::span<float> product, std::span<const float> values);

/// The sum of the products, in float32 by 16 partial sums.
[[nodiscard]] float dot(std::span<const float> left, std::span<const float> right);

/// `result` = gelu of `values`.
void gelu(std::span<const float> values, std::span<float> result);

/// `gradient` *= derivative of the activation. `kept` times `factor` is its output, save for gelu, where it is its
/// input. Where relu and leaky_relu have no derivative, at 0, that of the negative side is taken.
void multiply_by_derivative(ActivationFunction function, std::span<float> gradient, std::span<const float> kept,
                            float factor = 1.0F);

/// `gradient` *= second derivative of the activation, which is 0 for relu and leaky_relu. `kept` and `factor` likewise.
void multiply_by_second_derivative(ActivationFunction function, std::span<float> gradient, std::span<const float> kept,
                                   float factor = 1.0F);

/// The same for an output that was rounded; not for gelu, whose input is kept as it is.
void multiply_by_derivative(ActivationFunction function, std::span<float> gradient,
                            std::span<const sdk::Bfloat16> kept);
void multiply_by_second_derivative(ActivationFunction function, std::span<float> gradient,
                                   std::span<const sdk::Bfloat16> kept);

} // namespace retort::plugin_support
