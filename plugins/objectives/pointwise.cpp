// SPDX-License-Identifier: Apache-2.0
#include "pointwise.hpp"

#include <cstddef>

namespace retort::objectives {

namespace {

/// Mean of `term` over the scores; its gradient times `scale` goes to `gradient`.
template <class Function>
double mean(std::span<const float> scores, double scale, std::span<float> gradient, Function term) {
    if (scores.empty())
        return 0.0;
    const double weight = 1.0 / static_cast<double>(scores.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const Term at = term(static_cast<double>(scores[i]));
        sum += at.value;
        gradient[i] = static_cast<float>(scale * weight * at.slope);
    }
    return sum * weight;
}

} // namespace

double PointwiseObjective::discriminator_loss(std::span<const float> t, std::span<const float> s,
                                              std::span<float> t_gradient, std::span<float> s_gradient, sdk::Progress) {
    return mean(t, 1.0, t_gradient, [this](double a) { return at_teacher(a); }) +
           mean(s, 1.0, s_gradient, [this](double a) { return at_student(a); });
}

double PointwiseObjective::student_loss(std::span<const float>, std::span<const float> s, float scale,
                                        std::span<float> s_gradient, sdk::Progress) {
    return mean(s, static_cast<double>(scale), s_gradient, [this](double a) { return for_student(a); });
}

} // namespace retort::objectives
