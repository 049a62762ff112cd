// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

namespace retort::plugin_support {

/// log(1 + e^x), without overflow.
[[nodiscard]] inline double softplus(double x) {
    return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}

/// 1 / (1 + e^-x), the derivative of softplus.
[[nodiscard]] inline double softplus_derivative(double x) {
    const double tail = std::exp(-std::fabs(x));
    return (x >= 0.0 ? 1.0 : tail) / (1.0 + tail);
}

/// The x whose softplus is `y`; `y` is positive.
[[nodiscard]] inline double inverse_softplus(double y) {
    return y + std::log(-std::expm1(-y));
}

} // namespace retort::plugin_support
