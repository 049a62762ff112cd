// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/training.hpp>

#include <algorithm>
#include <plugins/shared/families/log_softmax.hpp>
#include <plugins/trainers/adversarial_distillation/class_term.hpp>

namespace retort::trainer_adversarial_distillation {

namespace {

/// Of one row; `scale` times its gradient is written.
double cross_entropy(std::span<const float> logits, std::size_t label, double scale, std::span<float> gradient) {
    const plugin_support::LogSoftmax softmax(logits);
    for (std::size_t c = 0; c < logits.size(); ++c)
        gradient[c] = static_cast<float>(scale * (softmax.probability(c) - (c == label ? 1.0 : 0.0)));
    return -softmax.log(label);
}

} // namespace

double ClassTerm::evaluate(sdk::ConstMatrix logits, std::span<const std::int32_t> labels, std::size_t silent,
                           double scale) {
    if (gradient_.view().empty())
        return 0.0;
    sdk::fill(gradient_.view(logits.rows), 0.0F);
    const auto labelled = std::count_if(labels.begin(), labels.end(), [](auto label) { return label >= 0; });
    const double weight = labelled == 0 ? 0.0 : 1.0 / static_cast<double>(labelled);
    double sum = 0.0;
    for (std::size_t row = silent; row < logits.rows; ++row)
        if (const std::int32_t label = labels[(row - silent) % labels.size()]; label >= 0)
            sum += cross_entropy(logits.row(row), static_cast<std::size_t>(label), scale * weight,
                                 gradient_.view().row(row));
    return weight * sum;
}

} // namespace retort::trainer_adversarial_distillation
