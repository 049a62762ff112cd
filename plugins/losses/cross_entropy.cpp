// SPDX-License-Identifier: Apache-2.0
#include "cross_entropy.hpp"

#include <algorithm>
#include <cstddef>
#include <plugins/shared/families/log_softmax.hpp>

namespace retort::losses {

void CrossEntropy::Settings::fields(sdk::Fields &fields) {
    fields("label_smoothing", label_smoothing,
           "Share of the target that is spread evenly over all classes; 0: the label alone.", {0.0, 1.0});
}

CrossEntropy::CrossEntropy(const Settings &settings, const sdk::LossContext &) : smoothing_(settings.label_smoothing) {}

double CrossEntropy::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                              sdk::Progress) {
    const auto labelled = std::count_if(input.labels.begin(), input.labels.end(), [](auto y) { return y >= 0; });
    const double weight = labelled == 0 ? 0.0 : 1.0 / static_cast<double>(labelled);
    const double spread = smoothing_ / static_cast<double>(input.student.columns);
    double sum = 0.0;
    for (std::size_t r = 0; r < input.student.rows; ++r) {
        if (input.labels[r] < 0)
            continue;
        const plugin_support::LogSoftmax softmax(input.student.row(r));
        for (std::size_t c = 0; c < input.student.columns; ++c) {
            const bool is_label = c == static_cast<std::size_t>(input.labels[r]);
            const double target = spread + (is_label ? 1.0 - smoothing_ : 0.0);
            sum -= target == 0.0 ? 0.0 : target * softmax.log(c);
            if (!gradient.student.empty())
                gradient.student.row(r)[c] +=
                    static_cast<float>(static_cast<double>(scale) * weight * (softmax.probability(c) - target));
        }
    }
    return sum * weight;
}

} // namespace retort::losses
