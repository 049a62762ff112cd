// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace retort::test {

/// The largest singular value of `weight`: the root of the largest eigenvalue of W^T W, by 5000 plain power iterations
/// in double from a vector of its own.
inline double largest_singular_value(sdk::ConstMatrix weight) {
    std::vector<double> v(weight.columns);
    for (std::size_t i = 0; i < v.size(); ++i)
        v[i] = 1.0 + 0.01 * static_cast<double>(i % 7);
    double eigenvalue = 0.0;
    for (int step = 0; step < 5000; ++step) {
        std::vector<double> next(v.size());
        for (std::size_t row = 0; row < weight.rows; ++row) {
            double product = 0.0;
            for (std::size_t i = 0; i < v.size(); ++i)
                product += static_cast<double>(weight.row(row)[i]) * v[i];
            for (std::size_t i = 0; i < v.size(); ++i)
                next[i] += product * static_cast<double>(weight.row(row)[i]);
        }
        double square = 0.0;
        for (const double value : next)
            square += value * value;
        eigenvalue = std::sqrt(square);
        for (std::size_t i = 0; i < v.size(); ++i)
            v[i] = next[i] / eigenvalue;
    }
    return std::sqrt(eigenvalue);
}

} // namespace retort::test
