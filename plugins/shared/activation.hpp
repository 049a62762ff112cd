// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace retort::plugin_support {

/// What stands behind a hidden layer:
///   relu        max(0, x)
///   leaky_relu  x for x > 0, else negative_slope * x               (Maas et al. 2013)
///   tanh        tanh(x)
///   gelu        x / 2 * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))  (Hendrycks and Gimpel 2016, their tanh form)
enum class Activation { relu, leaky_relu, tanh, gelu };

inline std::span<const std::string_view> names_of(Activation) {
    static constexpr std::string_view names[] = {"relu", "leaky_relu", "tanh", "gelu"};
    return names;
}

/// An activation with its constant.
struct ActivationFunction {
    Activation kind = Activation::relu;
    float negative_slope = 0.0F; ///< of leaky_relu

    /// Whether it is linear in pieces, so that its second derivative is 0.
    [[nodiscard]] bool piecewise_linear() const { return kind == Activation::relu || kind == Activation::leaky_relu; }
};

} // namespace retort::plugin_support
