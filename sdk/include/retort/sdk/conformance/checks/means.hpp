// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/trial.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

// What is promised of one number for a whole batch.
namespace retort::sdk::conformance {

/// Whether every row has half of its gradient of `once` in `twice`, where all rows stand twice.
[[nodiscard]] inline bool halved(const std::vector<std::vector<double>> &once,
                                 const std::vector<std::vector<double>> &twice) {
    for (std::size_t k = 0; k < once.size(); ++k) {
        std::vector<double> expected;
        for (int copy = 0; copy < 2; ++copy)
            for (const double value : once[k])
                expected.push_back(0.5 * value);
        if (distance(twice[k], expected) > rounding_tolerance)
            return false;
    }
    return true;
}

[[nodiscard]] inline std::vector<std::vector<double>> each_input_gradient(const Flow &flow) {
    std::vector<std::vector<double>> result;
    for (const ConstMatrix matrix : flow.input_gradients())
        append(result.emplace_back(), matrix);
    return result;
}

/// Losses are means over rows: the same rows given twice have the same loss, and each half the gradient.
[[nodiscard]] inline Result means(const Trial &trial) {
    constexpr std::size_t examples = 5;
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    const std::unique_ptr<Flow> flow = bench.flow(spec_for(bench, Mode::evaluate, 2 * examples, examples));
    if (flow == nullptr)
        return skipped(bench.no_flow());
    const Random random = trial.random().at("means");
    flow->fill(random.at("inputs"));
    if (!flow->repeat(examples))
        return skipped("what it gives is no mean over rows");
    const double once = run(bench, *flow, examples, random).outputs[0];
    const auto gradients_once = each_input_gradient(*flow);
    const double twice = run(bench, *flow, 2 * examples, random).outputs[0];
    if (distance({&twice, 1}, {&once, 1}) > rounding_tolerance)
        return failed("the same rows given twice make its value " + std::to_string(twice) + ", given once " +
                      std::to_string(once) + ": it is no mean over rows");
    return halved(gradients_once, each_input_gradient(*flow))
               ? passed()
               : failed("the same rows given twice do not have half the gradient each that they have given once: it is "
                        "no mean over rows");
}

} // namespace retort::sdk::conformance
