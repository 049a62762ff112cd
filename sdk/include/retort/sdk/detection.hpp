// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace retort::sdk {

/// Entropy of softmax(logits), in nats: how unsure the prediction is, 0 to log(number of logits). Small ones stay
/// apart: nothing is added to 1 before its logarithm is taken. NaN unless all logits are finite.
[[nodiscard]] inline double predictive_entropy(std::span<const float> logits) {
    const auto top = std::max_element(logits.begin(), logits.end()); // x; s = 1 + sum exp(x_c - x) over the others
    double others = 0.0;
    double moment = 0.0;
    for (auto logit = logits.begin(); logit != logits.end(); ++logit) {
        if (logit == top)
            continue;
        const double distance = static_cast<double>(*logit) - static_cast<double>(*top);
        const double power = std::exp(distance);
        others += power;
        moment += power * distance;
    }
    return std::log1p(others) - moment / (1.0 + others);
}

/// Area under the ROC curve of a detector that calls positive what has a high score: the probability that a positive
/// example has a higher score than a negative one, a tie counting half. Exact, by the ranks of all scores: Mann and
/// Whitney's U / (positives * negatives) (Hanley and McNeil 1982). NaN where one side is empty or a score is NaN.
[[nodiscard]] inline double auroc(std::span<const double> negatives, std::span<const double> positives) {
    struct Scored {
        double score;
        bool positive;
    };

    std::vector<Scored> all;
    for (const double score : negatives)
        all.push_back({score, false});
    for (const double score : positives)
        all.push_back({score, true});
    const bool has_nan = std::any_of(all.begin(), all.end(), [](const Scored &one) { return std::isnan(one.score); });
    if (has_nan || negatives.empty() || positives.empty())
        return std::numeric_limits<double>::quiet_NaN();
    std::sort(all.begin(), all.end(), [](const Scored &a, const Scored &b) { return a.score < b.score; });
    std::uint64_t twice_u = 0;
    std::uint64_t negatives_below = 0;
    for (auto first = all.begin(); first != all.end();) { // a group of equal scores
        const auto last = std::find_if(first, all.end(), [&](const Scored &one) { return one.score > first->score; });
        const auto positive =
            static_cast<std::uint64_t>(std::count_if(first, last, [](const Scored &one) { return one.positive; }));
        const std::uint64_t negative = static_cast<std::uint64_t>(last - first) - positive;
        twice_u += positive * (2 * negatives_below + negative);
        negatives_below += negative;
        first = last;
    }
    return static_cast<double>(twice_u) / (2.0 * static_cast<double>(negatives.size() * positives.size()));
}

} // namespace retort::sdk
