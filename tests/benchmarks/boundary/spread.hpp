// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace retort::benchmark {

/// Median and quartiles of measurements.
struct Spread {
    double first = 0.0;
    double median = 0.0;
    double third = 0.0;
};

/// `values`: not empty.
[[nodiscard]] inline Spread spread_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](std::size_t quarters) { return values[(values.size() - 1) * quarters / 4]; };
    return {at(1), at(2), at(3)};
}

/// "4.20 (4.15 to 4.31)", with `digits` after the point.
[[nodiscard]] inline std::string text_of(const Spread &spread, int digits) {
    char text[128];
    std::snprintf(text, sizeof(text), "%.*f (%.*f to %.*f)", digits, spread.median, digits, spread.first, digits,
                  spread.third);
    return text;
}

} // namespace retort::benchmark
