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

/// Rows from `begin` to before `end` of a layer's rounded gradient.
void DensePass::transpose_gradient(std::size_t layer, std::size_t begin, std::size_t end) {
    const std::size_t width = network_.output_width(layer);
    transpose(rounded_gradient(layer).data() + begin * width, end - begin, width, width,
              transposed_gradient_.data() + begin, rows_);
}

void DensePass::multiply_by_rounded(Derivative derivative, const Layer &made, std::size_t row,
                                    std::span<float> values) const {
    const std::size_t width = made.rounded_output.size() / full_rows_;
    const std::span<const sdk::Bfloat16> kept = std::span(made.rounded_output).subspan(row * width, values.size());
    const ActivationFunction activation = network_.shape().activation;
    if (derivative == Derivative::first)
        multiply_by_derivative(activation, values, kept);
    else
        multiply_by_second_derivative(activation, values, kept);
}

const std::vector<sdk::Bfloat16> &DensePass::rounded_input(std::size_t layer) const {
    const std::vector<sdk::Bfloat16> &own = layers_[layer].rounded_input;
    return own.empty() ? layers_[layer - 1].rounded_output : own;
}

} // namespace retort::plugin_support
