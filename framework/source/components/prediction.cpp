// SPDX-License-Identifier: Apache-2.0
#include "prediction.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace retort::framework {

// With s = sum_k exp(x_k - max x), the entropy is log s - sum_c exp(x_c - max x) (x_c - max x) / s: no logarithm of a
// probability that underflowed.
ExamplePrediction predict_example(std::span<const float> logits, std::span<float> probabilities) {
    const auto label = std::max_element(logits.begin(), logits.end()) - logits.begin();
    const auto top = static_cast<double>(logits[static_cast<std::size_t>(label)]);
    double sum = 0.0;
    double moment = 0.0;
    for (std::size_t c = 0; c < logits.size(); ++c) {
        const double distance = static_cast<double>(logits[c]) - top;
        const double power = std::exp(distance);
        probabilities[c] = static_cast<float>(power);
        sum += power;
        moment += power * distance;
    }
    for (float &probability : probabilities)
        probability = static_cast<float>(static_cast<double>(probability) / sum);
    return {static_cast<std::int32_t>(label), static_cast<float>(std::log(sum) - moment / sum)};
}

sdk::MatrixBuffer class_probabilities(sdk::Model &model, sdk::ConstMatrix inputs) {
    constexpr std::size_t most = 1000; // rows at a time: bounds the memory of activations
    const std::size_t logits = model.taps().size() - 1;
    sdk::MatrixBuffer result(inputs.rows, model.taps()[logits].width);
    if (inputs.rows == 0)
        return result;
    const std::size_t rows = std::min(inputs.rows, most);
    const std::size_t taps[] = {logits};
    const auto pass = model.make_pass({sdk::Mode::evaluate, rows, inputs.rows % rows, false, false, taps});
    for (std::size_t first = 0; first < inputs.rows; first += rows) {
        const std::size_t count = std::min(rows, inputs.rows - first);
        pass->forward({inputs.slice(first, count), {}, {}, first}, sdk::Random{});
        for (std::size_t r = 0; r < count; ++r)
            (void)predict_example(pass->tap(logits).row(r), result.view().row(first + r));
    }
    return result;
}

} // namespace retort::framework
