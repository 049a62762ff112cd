// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <plugins/observers/figures/curve.hpp>

namespace retort::observer_figures {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

std::vector<double> moving_average(std::span<const double> values, std::size_t reach) {
    std::vector<double> sums(values.size() + 1);
    std::vector<double> counts(values.size() + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool counted = std::isfinite(values[i]);
        sums[i + 1] = sums[i] + (counted ? values[i] : 0.0);
        counts[i + 1] = counts[i] + (counted ? 1.0 : 0.0);
    }
    std::vector<double> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t near = std::min({reach, i, values.size() - 1 - i}); // as far to both sides: ends stay put
        const std::size_t first = i - near;
        const std::size_t last = i + near + 1;
        const double count = counts[last] - counts[first];
        result[i] = count > 0.0 ? (sums[last] - sums[first]) / count : nan;
    }
    return result;
}

std::vector<CurvePoint> shorten(std::span<const double> x, std::span<const double> values, std::size_t points) {
    const std::vector<double> smooth = moving_average(values, values.size() / 100);
    const std::size_t width = std::max<std::size_t>(1, (values.size() + points - 1) / points);
    std::vector<CurvePoint> curve;
    for (std::size_t first = 0; first < values.size(); first += width) {
        const std::size_t last = std::min(first + width, values.size());
        const std::size_t middle = (first + last - 1) / 2;
        CurvePoint point{x[middle], nan, nan, smooth[middle]};
        for (std::size_t i = first - std::min(first, width); i < std::min(last + width, values.size()); ++i) {
            point.low = std::fmin(point.low, values[i]); // fmin and fmax leave NaN out
            point.high = std::fmax(point.high, values[i]);
        }
        curve.push_back(point);
    }
    return curve;
}

} // namespace retort::observer_figures
