// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <plugins/trainers/adversarial_distillation/accuracy.hpp>

namespace retort::trainer_adversarial_distillation {

namespace {

double above(double score, double threshold) {
    return score > threshold ? 1.0 : score == threshold ? 0.5 : 0.0;
}

} // namespace

double accuracy_of(const sdk::Objective &objective, std::span<const float> teacher, std::span<const float> student) {
    const bool logits = objective.score() == sdk::Objective::Score::logit;
    const double rest = objective.equilibrium();
    const double decision = logits ? std::log(rest / (1.0 - rest)) : 0.0;
    double right = 0.0;
    for (std::size_t row = 0; row < teacher.size(); ++row) {
        const auto t = static_cast<double>(teacher[row]);
        const auto s = static_cast<double>(student[row]);
        right += logits ? 0.5 * (above(t, decision) + above(decision, s)) : above(t, s);
    }
    return right / static_cast<double>(teacher.size());
}

} // namespace retort::trainer_adversarial_distillation
