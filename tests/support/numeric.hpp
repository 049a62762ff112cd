// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>

namespace retort::test {

/// A matrix of standard normal numbers times `scale`.
inline sdk::MatrixBuffer normal_matrix(std::size_t rows, std::size_t columns, sdk::Random random, float scale = 1.0F) {
    sdk::MatrixBuffer result(rows, columns);
    const std::span<float> values(result.view().data, rows * columns);
    sdk::fill_normal(random, values);
    for (float &value : values)
        value *= scale;
    return result;
}

/// Central difference of `loss` with respect to `value`, which is restored.
inline double finite_difference(const std::function<double()> &loss, float &value, float step) {
    const float kept = value;
    value = kept + step;
    const double above = loss();
    const double width_above = static_cast<double>(value);
    value = kept - step;
    const double below = loss();
    const double width = width_above - static_cast<double>(value); // what float32 really stepped
    value = kept;
    return (above - below) / width;
}

/// The size of the largest entry: a check of a gradient says little where that is not well above the check's tolerance.
inline double largest(std::span<const float> values) {
    double found = 0.0;
    for (const float value : values)
        found = std::max(found, std::abs(static_cast<double>(value)));
    return found;
}

/// Checks every entry of `gradient` against a central difference of `loss` in the same entry of `values`:
/// |difference| <= tolerance * max(1, |finite difference|).
inline void check_gradient(const std::function<double()> &loss, std::span<float> values,
                           std::span<const float> gradient, float step, double tolerance) {
    BOOST_TEST_REQUIRE(values.size() == gradient.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double expected = finite_difference(loss, values[i], step);
        const double difference = std::abs(static_cast<double>(gradient[i]) - expected);
        BOOST_TEST(difference <= tolerance * std::max(1.0, std::abs(expected)),
                   "entry " << i << ": gradient " << gradient[i] << ", finite difference " << expected);
    }
}

} // namespace retort::test
