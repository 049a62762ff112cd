// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace retort::observer_figures {

/// One point of a long curve made short: `x` is the middle of a run of steps; `low` and `high` bound the raw values in
/// it and the runs beside it, `smooth` is a moving average there.
struct CurvePoint {
    double x;
    double low;
    double high;
    double smooth;
};

/// Mean of the finite values in [index - reach, index + reach], or as far as both sides go; NaN if there is none.
[[nodiscard]] std::vector<double> moving_average(std::span<const double> values, std::size_t reach);

/// A curve of at most `points` points. The moving average spans about a fiftieth of the curve.
[[nodiscard]] std::vector<CurvePoint> shorten(std::span<const double> x, std::span<const double> values,
                                              std::size_t points);

} // namespace retort::observer_figures
