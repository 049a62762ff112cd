// SPDX-License-Identifier: Apache-2.0
#include "penalised.hpp"

#include <cmath>
#include <cstddef>

namespace retort::objectives {

SlopePenalty r1_penalty(double gamma) {
    const auto at = gamma > 0.0 ? sdk::Objective::Penalty::teacher : sdk::Objective::Penalty::none;
    return {at, 0.5 * gamma, 0.0};
}

void r1_field(sdk::Fields &fields, double &gamma) {
    fields("r1", gamma,
           "Gamma of the gradient penalty R1, gamma / 2 E |d a / d z|^2 at the teacher's samples, added to the "
           "discriminator's loss (Mescheder et al. 2018); 0: none.",
           {0.0, 1e6});
}

// With n the squared norm, d (sqrt n - c)^2 / d n = 1 - c / sqrt n. A slope of exactly zero has no direction in which
// it could grow.
double PenalisedObjective::penalty(std::span<const float> squared_norms, std::span<float> gradient, sdk::Progress) {
    if (squared_norms.empty())
        return 0.0;
    const double weight = penalty_.weight / static_cast<double>(squared_norms.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < squared_norms.size(); ++i) {
        const double norm = std::sqrt(static_cast<double>(squared_norms[i]));
        const double ratio = penalty_.slope == 0.0 ? 0.0 : penalty_.slope / norm;
        sum += (norm - penalty_.slope) * (norm - penalty_.slope);
        gradient[i] = std::isinf(ratio) ? 0.0F : static_cast<float>(weight * (1.0 - ratio));
    }
    return weight * sum;
}

} // namespace retort::objectives
