// SPDX-License-Identifier: Apache-2.0
#include "kl_divergence.hpp"

#include "pair_rows.hpp"

namespace retort::losses {

void KlDivergence::Settings::fields(sdk::Fields &fields) {
    fields("direction", direction,
           "\"forward\": KL(q_t || q_s), for a student that covers all that the teacher thinks possible; \"reverse\": "
           "KL(q_s || q_t), for one that keeps to what the teacher thinks likely.");
}

KlDivergence::KlDivergence(const Settings &settings, const sdk::LossContext &context)
    : direction_(settings.direction), family_(shared_family(context, "the divergence")) {}

double KlDivergence::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                              sdk::Progress) {
    return mean_over_rows(input.q_student.parameters[0].rows, scale, [&](std::size_t row, double weight) {
        const FamilyRow teacher = row_of(input.q_teacher, row);
        const FamilyRow student = row_of(input.q_student, row);
        const FamilyGradient wanted = row_of(gradient.q_student, row);
        return direction_ == Direction::forward ? family_->divergence(teacher, student, weight, {}, wanted)
                                                : family_->divergence(student, teacher, weight, wanted, {});
    });
}

} // namespace retort::losses
