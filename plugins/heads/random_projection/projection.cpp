// SPDX-License-Identifier: Apache-2.0
#include "projection.hpp"

#include <algorithm>
#include <cmath>
#include <plugins/shared/multiversion.hpp>
#include <span>
#include <vector>

namespace retort::head_random_projection {

namespace {

using Rows = std::vector<std::vector<double>>;

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

void remove_direction(std::span<double> from, std::span<const double> direction) {
    const double length = dot(from, direction);
    for (std::size_t i = 0; i < from.size(); ++i)
        from[i] -= length * direction[i];
}

std::vector<double> normal_row(std::size_t size, sdk::Random random) {
    std::vector<float> values(size);
    sdk::fill_normal(random, values);
    return {values.begin(), values.end()};
}

Rows orthonormal_rows(std::size_t count, std::size_t size, sdk::Random random) {
    Rows rows;
    for (std::size_t r = 0; r < count; ++r) {
        std::vector<double> row = normal_row(size, random.at(r));
        for (int pass = 0; pass < 2; ++pass) // the second removes what the first left by rounding
            for (const std::vector<double> &earlier : rows)
                remove_direction(row, earlier);
        const double length = std::sqrt(dot(row, row));
        for (double &value : row)
            value /= length;
        rows.push_back(std::move(row));
    }
    return rows;
}

/// u += P h for one row.
RETORT_MULTIVERSION void project(const float *__restrict h, std::size_t inputs, const float *__restrict transposed,
                                 std::size_t width, float *__restrict u) {
    for (std::size_t i = 0; i < inputs; ++i) {
        if (h[i] == 0.0F) // many outputs of a relu are
            continue;
        for (std::size_t j = 0; j < width; ++j)
            u[j] += h[i] * transposed[i * width + j];
    }
}

} // namespace

Projection::Projection(std::size_t width, std::size_t inputs, sdk::Random random) : transposed_(inputs, width) {
    const Rows rows = orthonormal_rows(width, inputs, random);
    for (std::size_t j = 0; j < width; ++j)
        for (std::size_t i = 0; i < inputs; ++i)
            transposed_.view().row(i)[j] = static_cast<float>(rows[j][i]);
}

void Projection::apply(sdk::ConstMatrix h, sdk::Matrix u) const {
    const sdk::Matrix transposed = transposed_.view();
    for (std::size_t r = 0; r < h.rows; ++r) {
        std::ranges::fill(u.row(r), 0.0F);
        project(h.row(r).data(), transposed.rows, transposed.data, transposed.columns, u.row(r).data());
    }
}

} // namespace retort::head_random_projection
