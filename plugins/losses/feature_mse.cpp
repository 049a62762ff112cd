// SPDX-License-Identifier: Apache-2.0
#include "feature_mse.hpp"

#include <retort/sdk/names.hpp>

#include <cstddef>

namespace retort::losses {

FeatureMse::FeatureMse(const sdk::LossContext &context) {
    for (const std::string_view family : {context.teacher_family, context.student_family})
        if (!family.empty() && family != "point" && family != "diagonal_gaussian" && family != "laplace")
            throw sdk::Error(sdk::ErrorKind::settings,
                             "a " + sdk::in_quotes(family) +
                                 " has no location in the space of its samples; allowed: heads that give "
                                 "\"point\", \"diagonal_gaussian\" or \"laplace\"");
}

double FeatureMse::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                            sdk::Progress) {
    const sdk::ConstMatrix student = input.q_student.parameters[0];
    const sdk::ConstMatrix teacher = input.q_teacher.parameters[0];
    const double weight = student.empty() ? 0.0 : 1.0 / static_cast<double>(student.rows * student.columns);
    double sum = 0.0;
    for (std::size_t r = 0; r < student.rows; ++r)
        for (std::size_t c = 0; c < student.columns; ++c) {
            const double difference = static_cast<double>(student.row(r)[c]) - static_cast<double>(teacher.row(r)[c]);
            sum += difference * difference;
            if (!gradient.q_student[0].empty())
                gradient.q_student[0].row(r)[c] +=
                    static_cast<float>(static_cast<double>(scale) * weight * 2.0 * difference);
        }
    return sum * weight;
}

} // namespace retort::losses
