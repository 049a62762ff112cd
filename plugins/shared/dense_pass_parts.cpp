// SPDX-License-Identifier: Apache-2.0
// What a DensePass is made of: buffers and products, for what its spec asks.
#include <algorithm>
#include <plugins/shared/dense_second_order.hpp>

namespace retort::plugin_support {

namespace {

double noise_rate(sdk::Mode mode, double rate) {
    return mode == sdk::Mode::evaluate ? 0.0 : rate;
}

/// All derivatives but gelu's follow from the output, so that the product may overwrite what the activation is of.
bool keeps_input(Activation activation, const sdk::PassSpec &spec) {
    return activation == Activation::gelu && (spec.parameter_gradients || spec.input_gradients);
}

bool contains(std::span<const std::size_t> values, std::size_t value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

} // namespace

DensePass::DensePass(const DenseNetwork &network, sdk::Services &services, const DensePassSpec &spec)
    : network_(network), services_(services), full_rows_(spec.pass.rows), tail_rows_(spec.pass.tail_rows),
      offset_columns_(spec.offset_columns), packs_weights_(packs_weights(spec.pass)),
      dropout_(noise_rate(spec.pass.mode, network.shape().dropout)),
      input_dropout_(noise_rate(spec.pass.mode, network.shape().input_dropout)) {
    layers_.resize(network.layers());
    for (std::size_t layer = 0; layer < layers_.size(); ++layer)
        make_layer(layer, spec.pass);
    if (input_dropout_.active())
        own_input_ = sdk::MatrixBuffer(full_rows_, product_width(0));
    if (spec.pass.input_gradients)
        input_gradient_ = sdk::MatrixBuffer(full_rows_, product_width(0));
    if (spec.pass.parameter_gradients || spec.pass.input_gradients)
        make_gradients(spec.pass);
}

DensePass::~DensePass() = default;

void DensePass::make_gradients(const sdk::PassSpec &spec) {
    std::size_t widest[2] = {};
    for (std::size_t layer = 0; layer < layers_.size(); ++layer)
        widest[layer % 2] = std::max(widest[layer % 2], network_.output_width(layer));
    for (std::size_t parity = 0; parity < 2; ++parity) {
        gradients_[parity] = sdk::Buffer(full_rows_ * widest[parity]);
        if (rounds())
            rounded_gradients_[parity].resize(full_rows_ * widest[parity]);
    }
    if (!spec.parameter_gradients)
        return;
    bias_sums_ = sdk::Buffer(services_.threads() * std::max(widest[0], widest[1]));
    if (rounds())
        transposed_gradient_.resize(full_rows_ * std::max(widest[0], widest[1]));
}

void DensePass::make_layer(std::size_t layer, const sdk::PassSpec &spec) {
    Layer &made = layers_[layer];
    const std::size_t width = network_.output_width(layer);
    if (rounds_output(layer, spec))
        made.rounded_output.resize(full_rows_ * width);
    else
        made.output = sdk::MatrixBuffer(full_rows_, width);
    if (rounds() && (layer == 0 || layers_[layer - 1].rounded_output.empty()))
        made.rounded_input.resize(full_rows_ * product_width(layer));
    if (network_.hidden(layer) && keeps_input(network_.shape().activation.kind, spec))
        made.input_of_activation = sdk::MatrixBuffer(full_rows_, width);
    if (drops(layer) && contains(spec.taps, layer))
        made.dropped = sdk::MatrixBuffer(full_rows_, width);
    made.full = make_products(layer, full_rows_, spec);
    if (tail_rows_ > 0)
        made.tail = make_products(layer, tail_rows_, spec);
}

bool DensePass::rounds_output(std::size_t layer, const sdk::PassSpec &spec) const {
    const bool adds_to_offset = layer == 0 && offset_columns_ > 0;
    return rounds() && network_.hidden(layer) && !adds_to_offset && !drops(layer) && !contains(spec.taps, layer) &&
           !keeps_input(network_.shape().activation.kind, spec);
}

/// How threads share the products of a layer whose weights an optimizer writes: so that what is larger stays with one
/// of them (docs/decisions/rows_of_weights.md). If that is the weights, each thread keeps to its own outputs, which are
/// rows of the weights; the input's gradient is then a sum over threads, whose parts should be less than the weights.
/// If it is what they are multiplied by, each keeps to its own rows of the batch, and of the weights' gradient. Small
/// weights, and small products of a large batch, are left whole.
DensePass::Cuts DensePass::cuts(std::size_t rows, std::size_t in, std::size_t out, const sdk::PassSpec &spec) const {
    constexpr std::size_t large_weights = 1U << 17U;
    constexpr std::size_t large_product = 1U << 26U; // multiplications
    if (!spec.parameter_gradients)
        return {};
    if (in * out > rows * (in + out)) {
        if (in * out < large_weights)
            return {};
        return {Cut::columns, Cut::rows, services_.threads() * rows < out ? Cut::inner : Cut::none};
    }
    if (rows * in * out < large_product)
        return {};
    return {Cut::rows, Cut::rows, Cut::rows};
}

DensePass::Products DensePass::make_products(std::size_t layer, std::size_t rows, const sdk::PassSpec &spec) const {
    const std::size_t in = product_width(layer);
    const std::size_t out = network_.output_width(layer);
    const Strides input{in, 1};
    const Strides weight{network_.input_width(layer), 1};
    const Strides gradient{out, 1};
    const ActivationFunction activation = network_.shape().activation;
    const bool offset = layer == 0 && offset_columns_ > 0;
    const Cuts cut = cuts(rows, in, out, spec);
    Products made;
    MatmulShape forward{rows, in, out, input, weight.transposed(), out, !offset, offset};
    forward.operands = network_.shape().precision;
    forward.result = rounds_output(layer, spec) ? sdk::Precision::bf16 : sdk::Precision::f32;
    forward.cut = cut.forward;
    forward.packs_right = packs_weights(spec) && rows == full_rows_;
    if (network_.hidden(layer) && !keeps_input(activation.kind, spec))
        forward.activation = activation;
    made.forward.emplace(forward, services_);
    if (spec.input_gradients || (spec.parameter_gradients && layer > 0)) {
        MatmulShape below{rows, out, in, gradient, weight, in};
        below.operands = network_.shape().precision;
        below.cut = cut.input_gradient;
        made.input_gradient.emplace(below, services_);
    }
    if (spec.parameter_gradients) {
        const Strides transposed = rounds() ? Strides{rows, 1} : gradient.transposed();
        MatmulShape product{out, rows, in, transposed, input, weight.row};
        product.operands = network_.shape().precision;
        product.cut = cut.weight_gradient;
        made.weight_replace.emplace(product, services_);
        product.accumulate = true;
        made.weight_add.emplace(product, services_);
    }
    return made;
}

} // namespace retort::plugin_support
