// SPDX-License-Identifier: Apache-2.0
#include "logistic.hpp"

#include <cmath>

namespace retort::objectives {

Term minus_probability(double a) {
    return {-sigmoid(a), -sigmoid(a) * sigmoid(-a)};
}

void LogisticSettings::fields(sdk::Fields &fields) {
    fields("teacher_target", teacher_target,
           "What D is asked to say of the teacher's samples: 1, or a little less (0.9), which keeps its scores small "
           "(one-sided label smoothing). The line in figure 1 moves to half of it.",
           {0.5, 1.0});
    r1_field(fields, r1);
}

double LogisticObjective::least_loss() const {
    const double rest = 1.0 - teacher_target_;
    return rest > 0.0 ? -teacher_target_ * std::log(teacher_target_) - rest * std::log(rest) : 0.0;
}

// -y log D - (1 - y) log(1 - D), with log(1 - D) = log D - a.
Term LogisticObjective::at_teacher(double a) const {
    const double rest = 1.0 - teacher_target_;
    return {softplus(-a) + rest * a, rest - sigmoid(-a)};
}

Term LogisticObjective::at_student(double a) const {
    return {softplus(a), sigmoid(a)};
}

Term ExpectedProbability::for_student(double a) const {
    return minus_probability(a);
}

Term Minimax::for_student(double a) const {
    return {-softplus(a), -sigmoid(a)};
}

Term NonSaturating::for_student(double a) const {
    return {softplus(-a), -sigmoid(-a)};
}

} // namespace retort::objectives
