// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace retort::sdk::conformance {

/// How far a slope may be from its finite difference, relative to the larger of the two. Wrong gradients miss a factor,
/// a sign or a term; one percent is far below that, and above what float32 leaves uncertain at the best step size. See
/// docs/decisions/conformance.md.
inline constexpr double slope_tolerance = 0.01;

/// How far results that are computed by another order of summation may be apart, relative to the largest of them.
inline constexpr double rounding_tolerance = 1e-4;

/// A value, and the size of the terms that it is a sum of, which says how well float32 knows it.
struct Sum {
    double value = 0.0;
    double size = 0.0;
};

/// A slope against finite differences of the function that it is of.
struct Comparison {
    double difference = 0.0; ///< the finite difference
    bool agrees = true;
    bool resolved = false; ///< whether a slope that is wrong by a tenth would be seen
};

/// Compares `slope` with differences of `at`, along a line through its 0. Of the step sizes that one counts whose
/// difference is best known: by how little it moves from one step size to the next, how little its two sides differ,
/// and what rounding leaves. At a kink either side's slope is right, and all between.
[[nodiscard]] inline Comparison compare(const std::function<Sum(double)> &at, double slope, double unit) {
    constexpr double rounding = 1e-6; // some ulps of float32, as sums of many terms have
    const Sum middle = at(0.0);
    double best = std::numeric_limits<double>::infinity();
    double last = std::numeric_limits<double>::quiet_NaN();
    Comparison result;
    for (double step = 0x1p-3 * unit; step >= 0x1p-13 * unit; step /= 4.0) {
        const double right = (at(step).value - middle.value) / step;
        const double left = (middle.value - at(-step).value) / step;
        const double central = 0.5 * (left + right);
        const double uncertain =
            rounding * middle.size / step + 0.5 * std::abs(right - left) + std::abs(central - last);
        last = central;
        if (!(uncertain < best)) // nor with the first step size, where `last` is NaN
            continue;
        best = uncertain;
        const double larger = std::max(std::abs(slope), std::abs(central));
        const double allowed = slope_tolerance * larger + 2.0 * uncertain + 0x1p-40;
        const bool between = slope >= std::min(left, right) - allowed && slope <= std::max(left, right) + allowed;
        result = {central, between || std::abs(slope - central) <= allowed, uncertain < 0.05 * larger};
    }
    return result;
}

/// The largest difference relative to the largest number; infinite where sizes differ or just one is not finite.
[[nodiscard]] inline double distance(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size())
        return std::numeric_limits<double>::infinity();
    double largest = 0.0;
    double apart = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isfinite(a[i]) != std::isfinite(b[i]))
            return std::numeric_limits<double>::infinity();
        if (!std::isfinite(a[i]))
            continue;
        largest = std::max({largest, std::abs(a[i]), std::abs(b[i])});
        apart = std::max(apart, std::abs(a[i] - b[i]));
    }
    return apart == 0.0 ? 0.0 : apart / largest;
}

[[nodiscard]] inline bool all_finite(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// The same bytes; unlike ==, which holds NaN to be unequal to itself.
[[nodiscard]] inline bool same(std::span<const double> a, std::span<const double> b) {
    const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), equal);
}

[[nodiscard]] inline std::vector<double> numbers(std::span<const float> values) {
    return {values.begin(), values.end()};
}

inline void append(std::vector<double> &to, ConstMatrix matrix) {
    for (std::size_t row = 0; row < matrix.rows && !matrix.empty(); ++row)
        to.insert(to.end(), matrix.row(row).begin(), matrix.row(row).end());
}

/// A MatrixBuffer whose rows lie `padding` numbers apart, which are NaN: who reads them shows it.
class SpacedBuffer {
  public:
    SpacedBuffer() = default;

    SpacedBuffer(std::size_t rows, std::size_t columns, std::size_t padding)
        : buffer_(rows, columns + padding), columns_(columns) {
        for (std::size_t row = 0; row < rows; ++row)
            std::fill_n(buffer_.view().row(row).begin() + static_cast<std::ptrdiff_t>(columns), padding,
                        std::numeric_limits<float>::quiet_NaN());
    }

    [[nodiscard]] Matrix view() const { return narrowed(buffer_.view()); }

    [[nodiscard]] Matrix view(std::size_t rows) const { return narrowed(buffer_.view(rows)); }

  private:
    [[nodiscard]] Matrix narrowed(Matrix wide) const { return {wide.data, wide.rows, columns_, wide.stride}; }

    MatrixBuffer buffer_;
    std::size_t columns_ = 0;
};

/// Row r from stream `first` + r.
inline void fill_normal(Matrix matrix, Random random, std::size_t first = 0) {
    for (std::size_t row = 0; row < matrix.rows; ++row)
        sdk::fill_normal(random.at(first + row), matrix.row(row));
}

/// Gives rows `count` to 2 `count` - 1 what the first `count` hold.
inline void repeat_rows(Matrix matrix, std::size_t count) {
    for (std::size_t row = 0; row < count; ++row)
        std::copy(matrix.row(row).begin(), matrix.row(row).end(), matrix.row(count + row).begin());
}

/// Ordinary data, or with a first row and a second column of zeros.
inline void fill_data(Matrix matrix, Random random, bool dead) {
    fill_normal(matrix, random);
    for (std::size_t row = 0; dead && row < matrix.rows; ++row)
        for (std::size_t column = 0; column < matrix.columns; ++column)
            if (row == 0 || column == 1)
                matrix.row(row)[column] = 0.0F;
}

} // namespace retort::sdk::conformance
