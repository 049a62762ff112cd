// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace retort::sdk {

namespace detail {

/// Negative log likelihood of the labels under softmax(b x) for logits x, summed over the labelled rows, as a function
/// of b = 1 / T: convex, with the derivatives sum E[x] - x_label and sum Var[x], moments under softmax(b x).
class ScaledLikelihood {
  public:
    struct Derivatives {
        double first = 0.0;
        double second = 0.0;
    };

    ScaledLikelihood(ConstMatrix logits, std::span<const std::int32_t> labels) : logits_(logits), labels_(labels) {}

    [[nodiscard]] Derivatives at(double b) const {
        Derivatives sum;
        for (std::size_t row = 0; row < logits_.rows; ++row)
            if (labels_[row] >= 0)
                add(logits_.row(row), static_cast<std::size_t>(labels_[row]), b, sum);
        return sum;
    }

    /// Whether some label has another class above it. If not, the likelihood grows with b for ever.
    [[nodiscard]] bool has_errors() const {
        for (std::size_t row = 0; row < logits_.rows; ++row) {
            const std::span<const float> x = logits_.row(row);
            if (labels_[row] >= 0 && x[static_cast<std::size_t>(labels_[row])] < *std::max_element(x.begin(), x.end()))
                return true;
        }
        return false;
    }

  private:
    static void add(std::span<const float> logits, std::size_t label, double b, Derivatives &sum) {
        const auto top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
        double weight = 0.0;
        double mean = 0.0;
        double square = 0.0;
        for (const float logit : logits) {
            const double x = static_cast<double>(logit) - top;
            const double power = std::exp(b * x);
            weight += power;
            mean += power * x;
            square += power * x * x;
        }
        mean /= weight;
        sum.first += mean - (static_cast<double>(logits[label]) - top);
        sum.second += square / weight - mean * mean;
    }

    ConstMatrix logits_;
    std::span<const std::int32_t> labels_;
};

/// Where the first derivative is zero, which it is somewhere in (0, infinity): Newton's steps, halved intervals where
/// those lead out of what is known to hold it.
inline double minimum_of(const ScaledLikelihood &likelihood) {
    double low = 0.0;
    double high = 1.0;
    for (; likelihood.at(high).first < 0.0; high *= 2.0)
        low = high;
    double b = 0.5 * (low + high);
    for (int steps = 0; steps < 1000; ++steps) { // a few, but for logits of any size
        const ScaledLikelihood::Derivatives derivatives = likelihood.at(b);
        (derivatives.first < 0.0 ? low : high) = b;
        const double newton = b - derivatives.first / derivatives.second;
        const double next = newton > low && newton < high ? newton : 0.5 * (low + high);
        if (std::abs(next - b) <= 1e-9 * next)
            return next;
        b = next;
    }
    return b;
}

} // namespace detail

/// Temperature scaling (Guo et al. 2017): the T > 0 at which softmax(logits / T) fits the labels best, that is with the
/// least mean of -log p(label), to a relative 1e-8. It changes how sure a model is, not which class it takes for the
/// most probable.
///
/// `logits` [rows, classes]; `labels` one per row, negative ones are skipped. Nothing where no T is best: without
/// labelled rows; where no label has a larger logit beside it, for then smaller is always better; where the labels'
/// logits are on average no larger than the others, for then larger is; where not all logits are finite.
[[nodiscard]] inline std::optional<double> fit_temperature(ConstMatrix logits, std::span<const std::int32_t> labels) {
    const detail::ScaledLikelihood likelihood(logits, labels);
    const bool is_finite = likelihood.at(0.0).first < 0.0 && likelihood.has_errors(); // no comparison holds for NaN
    if (!is_finite)
        return {};
    return 1.0 / detail::minimum_of(likelihood);
}

} // namespace retort::sdk
