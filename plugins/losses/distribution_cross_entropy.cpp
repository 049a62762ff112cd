// SPDX-License-Identifier: Apache-2.0
#include "distribution_cross_entropy.hpp"

#include "pair_rows.hpp"

#include <cstddef>
#include <plugins/shared/families/families.hpp>

namespace retort::losses {

namespace {

constexpr std::string_view point = "point";
constexpr std::string_view categorical = "categorical"; ///< its density is that of relaxed samples, at any temperature

std::unique_ptr<plugin_support::Family> family_of(const sdk::LossContext &context) {
    if (context.student_family == point)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "the student's head gives points, and the cross-entropy from the teacher's distribution to a "
                         "point is infinite; allowed: a student's head with a spread, such as \"gaussian\", or "
                         "\"between\": \"predictions\", which compares both models' class probabilities");
    if (context.teacher_family == point && context.student_family != categorical)
        if (auto family = plugin_support::make_family(context.student_family))
            return family;
    return shared_family(context, "the cross-entropy", ", or a teacher's \"point\" with one of these but categorical");
}

} // namespace

void DistributionCrossEntropy::Settings::fields(sdk::Fields &fields) {
    fields("between", between,
           "What is compared: the distributions of a pair's heads, or the class probabilities that teacher and student "
           "predict, without a pair.");
}

DistributionCrossEntropy::DistributionCrossEntropy(const Settings &settings, const sdk::LossContext &context)
    : between_(settings.between),
      family_(between_ == Between::heads ? family_of(context) : plugin_support::make_family(categorical)) {}

double DistributionCrossEntropy::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                                          sdk::Progress) {
    if (between_ == Between::heads)
        return mean_over_rows(input.q_student.parameters[0].rows, scale, [&](std::size_t row, double weight) {
            return of_row(input.q_teacher, row_of(input.q_student, row), row, weight, row_of(gradient.q_student, row));
        });
    const sdk::Distribution teacher{categorical, {input.teacher, {}}};
    const sdk::Distribution student{categorical, {input.student, {}}};
    return mean_over_rows(input.student.rows, scale, [&](std::size_t row, double weight) {
        return of_row(teacher, row_of(student, row), row, weight,
                      row_of(std::array<sdk::Matrix, 2>{gradient.student, {}}, row));
    });
}

double DistributionCrossEntropy::of_row(const sdk::Distribution &teacher, FamilyRow student, std::size_t row,
                                        double weight, FamilyGradient gradient) {
    if (teacher.family != point)
        return family_->cross_entropy(row_of(teacher, row), student, weight, gradient);
    const std::span<const float> z = teacher.parameters[0].row(row);
    family_->log_density_gradient(student, z, -weight, gradient);
    return -family_->log_density(student, z);
}

} // namespace retort::losses
