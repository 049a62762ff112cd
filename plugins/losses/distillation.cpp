// SPDX-License-Identifier: Apache-2.0
#include "distillation.hpp"

#include <cstddef>
#include <plugins/shared/families/log_softmax.hpp>

namespace retort::losses {

void Distillation::Settings::fields(sdk::Fields &fields) {
    fields("temperature", temperature,
           "What both logits are divided by: the higher, the more the improbable classes count. A number, or a "
           "schedule over the stage.",
           {0.01, 1000.0});
}

Distillation::Distillation(const Settings &settings, const sdk::LossContext &) : temperature_(settings.temperature) {}

double Distillation::evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                              sdk::Progress progress) {
    const std::size_t rows = input.student.rows;
    const double temperature = temperature_.at(progress);
    const double weight = rows == 0 ? 0.0 : temperature * temperature / static_cast<double>(rows);
    const double slope = static_cast<double>(scale) * weight / temperature;
    double sum = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        const plugin_support::LogSoftmax student(input.student.row(r), temperature);
        const plugin_support::LogSoftmax teacher(input.teacher.row(r), temperature);
        for (std::size_t c = 0; c < input.student.columns; ++c) {
            const double p = teacher.probability(c);
            sum += p * (teacher.log(c) - student.log(c));
            if (!gradient.student.empty())
                gradient.student.row(r)[c] += static_cast<float>(slope * (student.probability(c) - p));
        }
    }
    return sum * weight;
}

} // namespace retort::losses
