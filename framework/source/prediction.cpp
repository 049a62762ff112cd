// SPDX-License-Identifier: Apache-2.0
#include "prediction.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace retort::framework {

namespace {

/// softmax(x)_c = exp(x_c - max x) / sum_k exp(x_k - max x)
void write_softmax(std::span<const float> logits, std::span<float> probabilities) {
    const double top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    const auto power = [&](float logit) { return std::exp(static_cast<double>(logit) - top); };
    double sum = 0.0;
    for (const float logit : logits)
        sum += power(logit);
    for (std::size_t c = 0; c < logits.size(); ++c)
        probabilities[c] = static_cast<float>(power(logits[c]) / sum);
}

} // namespace

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
        pass->forward({inputs.slice(first, count)}, sdk::Random{});
        for (std::size_t r = 0; r < count; ++r)
            write_softmax(pass->tap(logits).row(r), result.view().row(first + r));
    }
    return result;
}

} // namespace retort::framework
