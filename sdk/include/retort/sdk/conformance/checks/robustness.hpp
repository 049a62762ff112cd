// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/trial.hpp>
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Data that is degenerate, and data that is none.
namespace retort::sdk::conformance {

/// Steps on such data, where there is no more to a component than steps.
[[nodiscard]] inline Result dead_steps(Bench &bench) {
    bench.ready();
    for (std::uint64_t k = 0; k < 3; ++k)
        bench.step(k);
    return all_finite(bench.observe()) ? passed()
                                       : failed("steps whose gradients are zeros give numbers that are not finite");
}

/// Outputs and gradients are finite on data with a row and a column of zeros, also in fitting, and with all parameters
/// zero.
[[nodiscard]] inline Result dead_data(const Trial &trial) {
    const auto setup = trial.prepared({.dead = true});
    Bench &bench = *setup->bench;
    const std::unique_ptr<Flow> flow = bench.flow(spec_for(bench, Mode::sample));
    if (flow == nullptr)
        return bench.no_backward().empty() ? dead_steps(bench) : skipped(bench.no_backward());
    const Random random = trial.random().at("dead");
    const auto finite = [&] {
        const Results results = run(bench, *flow, 5, random);
        return all_finite(results.outputs) && all_finite(results.inputs) && all_finite(results.parameters);
    };
    flow->fill(random.at("inputs"));
    const std::vector<Matrix> inputs = flow->inputs();
    for (std::size_t k = 0; k < inputs.size(); ++k)
        for (std::size_t row = 0; flow->may_be_zero(k) && row < inputs[k].rows; ++row)
            for (std::size_t column = 0; column < inputs[k].columns; ++column)
                if (row == 0 || column == 1)
                    inputs[k].row(row)[column] = 0.0F;
    if (!finite())
        return failed("a row and a column of zeros in the data make outputs or gradients that are not finite");
    if (bench.trainable() == nullptr || bench.trainable()->parameters().table.empty())
        return passed();
    const Parameters parameters = bench.trainable()->parameters();
    std::fill(parameters.values.begin(), parameters.values.end(), 0.0F);
    bench.trainable()->parameters_changed(Change::restore);
    return finite() ? passed() : failed("with all parameters zero, outputs or gradients are not finite");
}

/// Ordinary data gives finite numbers, whatever the settings; a few steps do too.
[[nodiscard]] inline Result ordinary_data(const Trial &trial) {
    const auto setup = trial.prepared();
    Bench &bench = *setup->bench;
    bench.ready();
    for (std::uint64_t k = 0; k < 2; ++k) {
        bench.step(k);
        if (!all_finite(bench.observe()))
            return failed("on ordinary data step " + std::to_string(k + 1) +
                          " gives numbers that are not finite: settings that its fields declare as allowed");
    }
    const std::string broken = bench.broken_promise();
    return broken.empty() ? passed() : failed(broken);
}

/// Whether row `row` of `outputs` has a number that is not finite.
[[nodiscard]] inline bool shows(const std::vector<double> &outputs, std::size_t row, std::size_t width) {
    const auto begin = outputs.begin() + static_cast<std::ptrdiff_t>(row * width);
    return std::any_of(begin, begin + static_cast<std::ptrdiff_t>(width), [](double x) { return !std::isfinite(x); });
}

/// Whether outputs move with `value`, one way or the other.
[[nodiscard]] inline bool depends(Bench &bench, Flow &flow, float &value, Random random) {
    const float kept = value;
    const std::vector<double> before = run(bench, flow, 5, random).outputs;
    bool moved = false;
    for (const float step : {0.5F, -0.5F}) {
        value = kept + step;
        moved = moved || !same(run(bench, flow, 5, random).outputs, before);
    }
    value = kept;
    return moved;
}

/// What comes out; nothing where an Error says that the inputs are none.
[[nodiscard]] inline std::optional<Results> answer(Bench &bench, Flow &flow, Random random) {
    try {
        return run(bench, flow, 5, random);
    } catch (const Error &) {
        return {};
    }
}

/// NaN in an input shows in the outputs of its row, or at least in gradients, where a trainer's guard sees it (a relu
/// may well map NaN to 0), and in no other row; infinity stays in its row.
[[nodiscard]] inline Result not_finite(const Trial &trial) {
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    const std::unique_ptr<Flow> flow = bench.flow(spec_for(bench, Mode::evaluate));
    if (flow == nullptr)
        return skipped(bench.no_flow());
    const Random random = trial.random().at("not_finite");
    flow->fill(random.at("inputs"));
    const std::vector<double> ordinary = run(bench, *flow, 5, random).outputs;
    const std::size_t width = flow->width();
    for (const Matrix input : flow->inputs()) {
        if (!depends(bench, *flow, input.row(0)[0], random))
            continue;
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            const float kept = std::exchange(input.row(0)[0], bad);
            const std::optional<Results> results = answer(bench, *flow, random);
            input.row(0)[0] = kept;
            if (!results)
                continue;
            if (std::isnan(bad) && !shows(results->outputs, 0, width) && all_finite(results->parameters) &&
                all_finite(results->inputs))
                return failed("NaN in an input leaves outputs and gradients finite: a defect would go on unseen");
            for (std::size_t i = width; flow->by_row() && i < ordinary.size(); ++i)
                if (distance({&results->outputs[i], 1}, {&ordinary[i], 1}) > rounding_tolerance)
                    return failed(std::string(std::isnan(bad) ? "NaN" : "infinity") + " in one row changes row " +
                                  std::to_string(i / width));
        }
    }
    const std::vector<double> again = run(bench, *flow, 5, random).outputs;
    return same(again, ordinary) ? passed()
                                 : failed("after NaN in an input, ordinary inputs have other outputs than before");
}

} // namespace retort::sdk::conformance
