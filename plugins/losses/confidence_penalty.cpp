// SPDX-License-Identifier: Apache-2.0
#include "confidence_penalty.hpp"

#include "pair_rows.hpp"

#include <retort/sdk/names.hpp>

#include <plugins/shared/families/families.hpp>

namespace retort::losses {

namespace {

std::unique_ptr<plugin_support::Family> family_of(std::string_view student) {
    auto family = plugin_support::make_family(student);
    if (!family && !student.empty())
        throw sdk::Error(sdk::ErrorKind::settings,
                         "the student's head gives " + sdk::in_quotes(student) +
                             ", whose entropy is not known; allowed: a head with a spread, such as \"gaussian\", or "
                             "\"of\": \"predictions\"");
    return family;
}

} // namespace

void ConfidencePenalty::Settings::fields(sdk::Fields &fields) {
    fields("of", of,
           "Whose entropy is rewarded: that of the classes that the student predicts, without a pair, or that of the "
           "distribution of a pair's student head.");
}

ConfidencePenalty::ConfidencePenalty(const Settings &settings, const sdk::LossContext &context)
    : of_(settings.of), family_(family_of(of_ == Of::head ? context.student_family : "categorical")) {}

double ConfidencePenalty::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                                   sdk::Progress) {
    const sdk::Distribution predictions{"categorical", {input.student, {}}};
    const sdk::Distribution &q = of_ == Of::head ? input.q_student : predictions;
    const std::array<sdk::Matrix, 2> wanted =
        of_ == Of::head ? gradient.q_student : std::array<sdk::Matrix, 2>{gradient.student, {}};
    return -mean_over_rows(q.parameters[0].rows, scale, [&](std::size_t row, double weight) {
        return family_->entropy(row_of(q, row), -weight, row_of(wanted, row));
    });
}

} // namespace retort::losses
