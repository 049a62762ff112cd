// SPDX-License-Identifier: Apache-2.0
#include "distribution_cross_entropy.hpp"

#include "log_softmax.hpp"

#include <retort/sdk/names.hpp>

#include <cmath>
#include <cstddef>

namespace retort::losses {

namespace {

constexpr std::string_view point = "point";
constexpr std::string_view gaussian = "diagonal_gaussian";
constexpr std::string_view categorical = "categorical";

constexpr double half_log_two_pi = 0.91893853320467274178;

void check_families(std::string_view teacher, std::string_view student) {
    if (student == point)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "the student's head gives points, and the cross-entropy from the teacher's distribution to a "
                         "point is infinite; allowed: a student's head with a spread, such as \"gaussian\", or "
                         "\"between\": \"predictions\", which compares both models' class probabilities");
    const bool gaussians = student == gaussian && (teacher == gaussian || teacher == point);
    if (!gaussians && !(student == categorical && teacher == categorical))
        throw sdk::Error(sdk::ErrorKind::settings,
                         "there is no closed form of the cross-entropy from " + sdk::in_quotes(teacher) + " to " +
                             sdk::in_quotes(student) +
                             "; allowed: from \"diagonal_gaussian\" or \"point\" to \"diagonal_gaussian\", and from "
                             "\"categorical\" to \"categorical\"");
}

/// Adds `weight` times the gradients of one row's cross-entropy, which is returned.
double gaussian_row(std::span<const float> teacher_mean, std::span<const float> teacher_deviation,
                    std::span<const float> mean, std::span<const float> deviation, double weight,
                    std::span<float> mean_gradient, std::span<float> deviation_gradient) {
    double sum = 0.0;
    for (std::size_t c = 0; c < mean.size(); ++c) {
        const double spread = teacher_deviation.empty() ? 0.0 : static_cast<double>(teacher_deviation[c]);
        const auto sigma = static_cast<double>(deviation[c]);
        const double difference = static_cast<double>(mean[c]) - static_cast<double>(teacher_mean[c]);
        const double ratio = (spread * spread + difference * difference) / (sigma * sigma);
        sum += std::log(sigma) + half_log_two_pi + 0.5 * ratio;
        if (!mean_gradient.empty())
            mean_gradient[c] += static_cast<float>(weight * difference / (sigma * sigma));
        if (!deviation_gradient.empty())
            deviation_gradient[c] += static_cast<float>(weight * (1.0 - ratio) / sigma);
    }
    return sum;
}

/// Likewise of logits.
double categorical_row(std::span<const float> teacher_logits, std::span<const float> logits, double weight,
                       std::span<float> gradient) {
    const LogSoftmax teacher(teacher_logits);
    const LogSoftmax student(logits);
    double sum = 0.0;
    for (std::size_t c = 0; c < logits.size(); ++c) {
        sum -= teacher.probability(c) * student.log(c);
        if (!gradient.empty())
            gradient[c] += static_cast<float>(weight * (student.probability(c) - teacher.probability(c)));
    }
    return sum;
}

std::span<const float> row_of(sdk::ConstMatrix matrix, std::size_t row) {
    return matrix.empty() ? std::span<const float>() : matrix.row(row);
}

std::span<float> row_of(sdk::Matrix matrix, std::size_t row) {
    return matrix.empty() ? std::span<float>() : matrix.row(row);
}

double gaussian_sum(const sdk::Distribution &teacher, const sdk::Distribution &student, double weight,
                    const std::array<sdk::Matrix, 2> &gradient) {
    double sum = 0.0;
    for (std::size_t r = 0; r < student.parameters[0].rows; ++r)
        sum +=
            gaussian_row(teacher.parameters[0].row(r), row_of(teacher.parameters[1], r), student.parameters[0].row(r),
                         student.parameters[1].row(r), weight, row_of(gradient[0], r), row_of(gradient[1], r));
    return sum;
}

double categorical_sum(sdk::ConstMatrix teacher, sdk::ConstMatrix student, double weight, sdk::Matrix gradient) {
    double sum = 0.0;
    for (std::size_t r = 0; r < student.rows; ++r)
        sum += categorical_row(teacher.row(r), student.row(r), weight, row_of(gradient, r));
    return sum;
}

} // namespace

void DistributionCrossEntropy::Settings::fields(sdk::Fields &fields) {
    fields("between", between,
           "What is compared: the distributions of a pair's heads, or the class probabilities that teacher and student "
           "predict, without a pair.");
}

DistributionCrossEntropy::DistributionCrossEntropy(const Settings &settings, const sdk::LossContext &context)
    : between_(settings.between) {
    if (between_ == Between::heads && !context.student_family.empty())
        check_families(context.teacher_family, context.student_family);
}

double DistributionCrossEntropy::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                                          sdk::Progress) {
    const bool predictions = between_ == Between::predictions;
    const sdk::ConstMatrix student = predictions ? input.student : input.q_student.parameters[0];
    const double share = student.rows == 0 ? 0.0 : 1.0 / static_cast<double>(student.rows);
    const double weight = static_cast<double>(scale) * share;
    if (predictions)
        return share * categorical_sum(input.teacher, student, weight, gradient.student);
    if (input.q_student.family == categorical)
        return share * categorical_sum(input.q_teacher.parameters[0], student, weight, gradient.q_student[0]);
    return share * gaussian_sum(input.q_teacher, input.q_student, weight, gradient.q_student);
}

} // namespace retort::losses
