// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <plugins/trainers/adversarial_distillation/penalty.hpp>

namespace retort::trainer_adversarial_distillation {

void Penalty::prepare(sdk::Discriminator &discriminator, sdk::Objective::Penalty at, std::size_t rows,
                      std::size_t tail_rows) {
    at_ = at;
    pass_.reset();
    if (at == sdk::Objective::Penalty::none)
        return;
    pass_ = discriminator.make_pass({sdk::Mode::sample, rows, tail_rows, true, true, {}});
    units_.assign(rows, 1.0F);
    squared_norms_.resize(rows);
    slopes_.resize(rows);
    direction_ = sdk::MatrixBuffer(rows, pass_->input().columns);
}

std::span<const float> Penalty::squared_norms(sdk::ConstMatrix teacher, sdk::ConstMatrix student,
                                              const sdk::Condition &condition, sdk::Random random,
                                              sdk::Progress progress) {
    rows_ = teacher.rows;
    choose_points(teacher, student, condition.batch.first_row, random.at("between"));
    pass_->forward(rows_, condition, random.at("noise"), progress);
    pass_->backward(std::span(units_).first(rows_), {}, sdk::Write::none);
    const sdk::ConstMatrix gradient = pass_->input_gradient();
    for (std::size_t row = 0; row < rows_; ++row) {
        double sum = 0.0;
        for (const float value : gradient.row(row))
            sum += static_cast<double>(value) * static_cast<double>(value);
        squared_norms_[row] = static_cast<float>(sum);
    }
    return std::span(squared_norms_).first(rows_);
}

void Penalty::choose_points(sdk::ConstMatrix teacher, sdk::ConstMatrix student, std::size_t first_row,
                            sdk::Random random) {
    const sdk::Matrix points = pass_->input();
    for (std::size_t row = 0; row < rows_; ++row) {
        const float between = random.at(first_row + row).uniform(0);
        const float part = at_ == sdk::Objective::Penalty::teacher   ? 1.0F
                           : at_ == sdk::Objective::Penalty::student ? 0.0F
                                                                     : between;
        for (std::size_t c = 0; c < points.columns; ++c)
            points.row(row)[c] = part * teacher.row(row)[c] + (1.0F - part) * student.row(row)[c];
    }
}

void Penalty::add_gradient(double scale) {
    const sdk::ConstMatrix gradient = pass_->input_gradient();
    const sdk::Matrix direction = direction_.view(rows_);
    for (std::size_t row = 0; row < rows_; ++row)
        for (std::size_t c = 0; c < direction.columns; ++c)
            direction.row(row)[c] =
                static_cast<float>(2.0 * scale * static_cast<double>(slopes_[row])) * gradient.row(row)[c];
    pass_->second_backward(direction, sdk::Write::add);
}

} // namespace retort::trainer_adversarial_distillation
