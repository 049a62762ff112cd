// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/checks/gradients.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace retort::sdk::conformance {

/// Whether it obeys its Write, after a backward; a gradient penalty adds to what the loss left.
[[nodiscard]] inline Result second_order_writes(Flow &flow, ConstMatrix direction, Trainable &trainable) {
    const Parameters parameters = trainable.parameters();
    const auto gradients = [&] { return numbers(parameters.gradients); };
    for (const Parameter &tensor : parameters.table)
        std::fill_n(parameters.gradients.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.size,
                    std::numeric_limits<float>::quiet_NaN());
    (void)flow.second_backward(direction, Write::replace);
    std::vector<double> expected = gradients();
    if (!all_finite(expected))
        return failed("second_backward with Write::replace does not overwrite all gradients");
    std::for_each(expected.begin(), expected.end(), [](double &value) { value *= 2.0; });
    (void)flow.second_backward(direction, Write::add);
    const std::vector<double> twice = gradients();
    if (distance(twice, expected) > rounding_tolerance)
        return failed("second_backward with Write::add does not add");
    (void)flow.second_backward(direction, Write::none);
    return same(gradients(), twice) ? passed() : failed("second_backward with Write::none changes gradients");
}

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
    const auto backward = [&] { // the first output of a row is its score
        flow->forward(5, random.at("noise"), {1, 4});
        std::vector<float> units(flow->rows() * flow->width(), 0.0F);
        for (std::size_t row = 0; row < flow->rows(); ++row)
            units[row * flow->width()] = 1.0F;
        flow->backward(units, Write::none);
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
    if (check.result().outcome != Outcome::passed)
        return check.result();
    trainable->parameters_changed(Change::restore);
    backward();
    return second_order_writes(*flow, direction.view(), *trainable);
}

} // namespace retort::sdk::conformance
