// SPDX-License-Identifier: Apache-2.0
// DensePass with products of bfloat16: what is rounded before them, and what they leave in bfloat16.
#include <algorithm>
#include <iterator>
#include <plugins/shared/dense_pass.hpp>
#include <span>

namespace retort::plugin_support {

void DensePass::multiply_rounded(std::size_t layer, float *result) {
    round_input(layer);
    const Matmul &product = *products(layer).forward;
    const sdk::Bfloat16 *const input = rounded_input(layer).data();
    const sdk::Bfloat16 *const weight = network_.rounded_weight(layer);
    const float *const bias = network_.bias(layer).data();
    if (std::vector<sdk::Bfloat16> &output = layers_[layer].rounded_output; output.empty())
        product(input, weight, result, bias);
    else
        product(input, weight, output.data(), bias);
}

/// A layer's input in bfloat16, kept for the weight's gradient.
void DensePass::round_input(std::size_t layer) {
    std::vector<sdk::Bfloat16> &to = layers_[layer].rounded_input;
    if (to.empty())
        return;
    const sdk::ConstMatrix from = layer_input(layer);
    for_each_row(from.columns, [&](std::size_t row) {
        round_to_bfloat16(from.row(row), std::span(to).subspan(row * from.columns, from.columns));
    });
}

void DensePass::multiply_by_rounded(Derivative derivative, const Layer &made, std::size_t row, std::size_t begin,
                                    std::span<float> values) const {
    const std::size_t width = made.rounded_output.size() / full_rows_;
    const auto kept = std::span(made.rounded_output).subspan(row * width + begin, values.size());
    const auto multiply = derivative == Derivative::first ? multiply_by_derivative : multiply_by_second_derivative;
    float block[256];
    for (std::size_t first = 0; first < kept.size(); first += std::size(block)) {
        const std::size_t count = std::min(std::size(block), kept.size() - first);
        widen(kept.subspan(first, count), std::span(block, count));
        multiply(network_.shape().activation, values.subspan(first, count), std::span(block, count), 1.0F);
    }
}

const std::vector<sdk::Bfloat16> &DensePass::rounded_input(std::size_t layer) const {
    const std::vector<sdk::Bfloat16> &own = layers_[layer].rounded_input;
    return own.empty() ? layers_[layer - 1].rounded_output : own;
}

} // namespace retort::plugin_support
