// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/checks/gradients.hpp>

#include <string>
#include <vector>

namespace retort::sdk::conformance {

/// d / d theta of sum_r <v_r, d a_r / d z_r> against finite differences of the input gradients.
[[nodiscard]] inline Result second_order(const Trial &trial) {
    const auto setup = trial.in_general_position();
    Trainable *const trainable = setup->bench->trainable();
    const std::unique_ptr<Flow> flow = setup->bench->flow(spec_for(*setup->bench, Mode::evaluate));
    const std::string reason = without_gradients(*setup->bench, flow.get());
    if (!reason.empty() || trainable == nullptr)
        return skipped(reason.empty() ? "it has no parameters" : reason);
    const Random random = trial.random().at("second_order");
    flow->fill(random.at("inputs"));
    const Matrix input = flow->inputs().front();
    const MatrixBuffer direction(input.rows, input.columns);
    fill_normal(direction.view(), random.at("direction"));
    const auto backward = [&] {
        flow->forward(5, random.at("noise"), {1, 4});
        flow->backward(std::vector<float>(flow->rows() * flow->width(), 1.0F), Write::none);
    };
    const auto slope_sum = [&] {
        trainable->parameters_changed(Change::restore);
        backward();
        const ConstMatrix gradient = flow->input_gradients().front();
        Sum sum;
        for (std::size_t row = 0; row < gradient.rows; ++row)
            for (std::size_t c = 0; c < gradient.columns; ++c) {
                const double term =
                    static_cast<double>(direction.view().row(row)[c]) * static_cast<double>(gradient.row(row)[c]);
                sum.value += term;
                sum.size += std::abs(term);
            }
        return sum;
    };
    backward();
    if (!flow->second_backward(direction.view(), Write::replace))
        return skipped("it does not claim to be twice differentiable");
    SlopeCheck check(slope_sum, random.at("slopes"));
    compare_parameters(check, *trainable);
    return check.result();
}

} // namespace retort::sdk::conformance
