// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <plugins/shared/families/log_softmax.hpp>
#include <span>

// Places on a simplex, as rows of float32.
namespace retort::plugin_support {

/// log of an entry; what float32 has no normal number for, 0 among it, counts as its least one.
[[nodiscard]] inline double log_entry(float z) {
    constexpr float least = std::numeric_limits<float>::min();
    return std::log(static_cast<double>(z < least ? least : z)); // NaN stays NaN
}

/// log sum_c exp(term(c)) for c below `count`, without overflow.
template <class Term> [[nodiscard]] double log_sum_exp(std::size_t count, Term &&term) {
    double largest = term(0);
    for (std::size_t c = 1; c < count; ++c)
        largest = std::max(largest, term(c));
    double sum = 0.0;
    for (std::size_t c = 0; c < count; ++c)
        sum += std::exp(term(c) - largest);
    return largest + std::log(sum);
}

/// sum_c gradient_c z_c: what a softmax takes off every entry of a gradient.
[[nodiscard]] inline double mean_under(std::span<const float> z, std::span<const float> gradient) {
    double sum = 0.0;
    for (std::size_t c = 0; c < gradient.size(); ++c)
        sum += static_cast<double>(z[c]) * static_cast<double>(gradient[c]);
    return sum;
}

/// z <- softmax(z), and a copy of it to `kept`, which may be longer.
inline void softmax_in_place(std::span<float> z, std::span<float> kept) {
    const LogSoftmax softmax(z); // whose entries are read one by one, each before it is written
    for (std::size_t c = 0; c < z.size(); ++c)
        z[c] = kept[c] = static_cast<float>(softmax.probability(c));
}

} // namespace retort::plugin_support
