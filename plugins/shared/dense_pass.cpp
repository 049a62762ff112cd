// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <iterator>
#include <plugins/shared/dense_second_order.hpp>
#include <string>

namespace retort::plugin_support {

void DensePass::forward(sdk::ConstMatrix input, std::span<const sdk::Random> streams, sdk::ConstMatrix offset) {
    const bool fits = input.rows > 0 && (input.rows == full_rows_ || input.rows == tail_rows_);
    if (!fits || input.columns != product_width(0))
        throw sdk::Error(sdk::ErrorKind::plugin,
                         "a pass made for " + std::to_string(full_rows_) + " or " + std::to_string(tail_rows_) +
                             " rows of " + std::to_string(product_width(0)) + " was given " +
                             std::to_string(input.rows) + " of " + std::to_string(input.columns));
    rows_ = input.rows;
    if (packs_weights_ && rows_ == full_rows_ && packed_ != network_.changes())
        pack_weights();
    take_input(input, streams);
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        multiply(layer, layer == 0 ? offset : sdk::ConstMatrix{});
        finish_rows(layer, streams);
    }
}

void DensePass::pack_weights() {
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        Matmul &product = *layers_[layer].full.forward;
        if (rounds())
            product.pack(network_.rounded_weight(layer));
        else
            product.pack(network_.weight(layer).data());
    }
    packed_ = network_.changes();
}

/// The products know dense rows only: an input with gaps between its rows, or with dropout, is copied.
void DensePass::take_input(sdk::ConstMatrix input, std::span<const sdk::Random> streams) {
    input_ = input;
    if (input.stride == input.columns && !input_dropout_.active())
        return;
    if (own_input_.view().empty())
        own_input_ = sdk::MatrixBuffer(full_rows_, input.columns);
    const sdk::Matrix copy = own_input_.view(rows_);
    for_each_row(input.columns, [&](std::size_t row) {
        if (input_dropout_.active())
            drop(input_dropout_, streams[row].at("input_dropout"), input.row(row), copy.row(row));
        else
            std::copy_n(input.row(row).begin(), input.columns, copy.row(row).begin());
    });
    input_ = copy;
}

void DensePass::multiply(std::size_t layer, sdk::ConstMatrix offset) {
    const Layer &made = layers_[layer];
    const sdk::MatrixBuffer &target = made.input_of_activation.view().empty() ? made.output : made.input_of_activation;
    const sdk::Matrix result = target.view(rows_);
    if (!offset.empty())
        for_each_row(result.columns, [&](std::size_t row) {
            std::copy_n(offset.row(row % offset.rows).begin(), result.columns, result.row(row).begin());
        });
    if (rounds())
        multiply_rounded(layer, result.data);
    else
        (*products(layer).forward)(layer_input(layer).data, network_.weight(layer).data(), result.data,
                                   network_.bias(layer).data());
}

/// What the product could not do itself: gelu whose input is kept, and dropout, row by row.
void DensePass::finish_rows(std::size_t layer, std::span<const sdk::Random> streams) {
    const Layer &made = layers_[layer];
    const sdk::Matrix before = made.input_of_activation.view(rows_);
    if (before.empty() && !drops(layer))
        return;
    const sdk::Matrix output = made.output.view(rows_);
    const sdk::Matrix after = passed_on(layer);
    for_each_row(output.columns, [&](std::size_t row) {
        if (!before.empty())
            gelu(before.row(row), output.row(row));
        if (drops(layer))
            drop(dropout_, streams[row].at(layer), output.row(row), after.row(row));
    });
}

void DensePass::backward(std::span<const LayerGradient> gradients, sdk::Write write) {
    if (write != sdk::Write::none)
        check_parameter_gradients();
    first_gradient_ = {};
    std::size_t count = 0; // layers that a gradient reaches
    for (const LayerGradient &entry : gradients)
        count = std::max(count, entry.layer + 1);
    if (write == sdk::Write::replace)
        clear_parameter_gradients(count);
    if (write == sdk::Write::none && input_gradient_.view().empty())
        return;
    for (std::size_t layer = count; layer-- > 0;) {
        gradient_of_layer(layer, gradients, layer + 1 < count, write);
        multiply_gradients(layer, write);
    }
    if (count > 0)
        first_gradient_ = gradient(0);
    if (!input_gradient_.view().empty())
        finish_input_gradient();
}

void DensePass::check_parameter_gradients() const {
    if (!products(0).weight_replace)
        throw sdk::Error(sdk::ErrorKind::plugin, "parameter gradients of a pass that was made without them");
}

void DensePass::clear_parameter_gradients(std::size_t first_layer) {
    for (std::size_t layer = first_layer; layer < layers_.size(); ++layer)
        for (const std::span<float> cleared : {network_.weight_gradient(layer), network_.bias_gradient(layer)})
            std::fill(cleared.begin(), cleared.end(), 0.0F);
}

/// d loss / d (W y + b) of a layer, and its column sum, the bias gradient. Threads share the rows
/// (docs/decisions/rows_of_weights.md); the sums of their parts are added in order.
void DensePass::gradient_of_layer(std::size_t layer, std::span<const LayerGradient> gradients, bool from_above,
                                  sdk::Write write) {
    const std::size_t width = network_.output_width(layer);
    const std::size_t least = std::max(part_unit, grain(width)); // rows, so that no part is empty
    const std::size_t parts = std::clamp<std::size_t>(rows_ / least, 1, services_.threads());
    const auto sum = [&](std::size_t part) {
        return write == sdk::Write::none ? std::span<float>{} : bias_sums_.span().subspan(part * width, width);
    };
    services_.parallel_for(parts, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part) {
            const std::size_t begin = part_begin(rows_, part, parts);
            const std::size_t end = part_begin(rows_, part + 1, parts);
            std::ranges::fill(sum(part), 0.0F);
            for (std::size_t row = begin; row < end; ++row)
                gradient_of_row(layer, row, gradients, from_above, sum(part));
            if (rounds() && write != sdk::Write::none)
                transpose_gradient(layer, begin, end);
        }
    });
    if (write == sdk::Write::none)
        return;
    const std::span<float> bias = network_.bias_gradient(layer);
    if (write == sdk::Write::replace)
        std::ranges::fill(bias, 0.0F);
    for (std::size_t part = 0; part < parts; ++part)
        add(bias, sum(part));
}

/// Adds the row to `sum` unless that is empty.
void DensePass::gradient_of_row(std::size_t layer, std::size_t row, std::span<const LayerGradient> gradients,
                                bool from_above, std::span<float> sum) {
    const std::span<float> values = gradient(layer).row(row);
    if (!from_above)
        std::ranges::fill(values, 0.0F);
    else if (drops(layer))
        drop_gradient(dropout_, values, passed_on(layer).row(row));
    for (const LayerGradient &entry : gradients)
        if (entry.layer == layer)
            add(values, entry.gradient.row(row));
    if (network_.hidden(layer))
        multiply_by(Derivative::first, layer, row, values);
    if (!sum.empty())
        add(sum, values);
    if (rounds())
        round_to_bfloat16(values, rounded_gradient(layer).subspan(row * values.size(), values.size()));
}

/// `values` *= a derivative of the layer's activation. Where dropout worked in place, that is known from what it left,
/// divided by its scale; what it dropped has no gradient then, for only an output that is read as no tap is
/// overwritten.
void DensePass::multiply_by(Derivative derivative, std::size_t layer, std::size_t row, std::span<float> values) const {
    const Layer &made = layers_[layer];
    if (!made.rounded_output.empty())
        return multiply_by_rounded(derivative, made, row, values);
    const sdk::MatrixBuffer &kept = made.input_of_activation.view().empty() ? made.output : made.input_of_activation;
    const std::span<const float> of = kept.view().row(row);
    const float factor = drops(layer) && made.dropped.view().empty() ? 1.0F / dropout_.scale : 1.0F;
    if (derivative == Derivative::first)
        multiply_by_derivative(network_.shape().activation, values, of, factor);
    else
        multiply_by_second_derivative(network_.shape().activation, values, of, factor);
}

void DensePass::multiply_gradients(std::size_t layer, sdk::Write write) {
    const Products &made = products(layer);
    const sdk::Matrix known = gradient(layer);
    if (write != sdk::Write::none) {
        const Matmul &product = *(write == sdk::Write::replace ? made.weight_replace : made.weight_add);
        float *const result = network_.weight_gradient(layer).data();
        if (rounds())
            product(transposed_gradient_.data(), rounded_input(layer).data(), result);
        else
            product(known.data, layer_input(layer).data, result);
    }
    if (made.input_gradient) {
        const Matmul &product = *made.input_gradient;
        const sdk::Matrix below = layer == 0 ? input_gradient_.view(rows_) : gradient(layer - 1);
        if (rounds())
            product(rounded_gradient(layer).data(), network_.rounded_weight(layer), below.data);
        else
            product(known.data, network_.weight(layer).data(), below.data);
    }
}

void DensePass::finish_input_gradient() {
    const sdk::Matrix result = input_gradient_.view(rows_);
    if (first_gradient_.empty())
        std::fill_n(result.data, result.rows * result.columns, 0.0F);
    else if (input_dropout_.active())
        for_each_row(result.columns,
                     [&](std::size_t row) { drop_gradient(input_dropout_, result.row(row), input_.row(row)); });
}

const DensePass::Products &DensePass::products(std::size_t layer) const {
    return rows_ == full_rows_ ? layers_[layer].full : layers_[layer].tail;
}

sdk::ConstMatrix DensePass::layer_input(std::size_t layer) const {
    return layer == 0 ? input_ : passed_on(layer - 1);
}

/// What the next layer sees: the output, after dropout.
sdk::Matrix DensePass::passed_on(std::size_t layer) const {
    const Layer &made = layers_[layer];
    return made.dropped.view().empty() ? made.output.view(rows_) : made.dropped.view(rows_);
}

sdk::Matrix DensePass::gradient(std::size_t layer) const {
    const std::size_t width = network_.output_width(layer);
    return {gradients_[layer % 2].data(), rows_, width, width};
}

std::size_t DensePass::product_width(std::size_t layer) const {
    return network_.input_width(layer) - (layer == 0 ? offset_columns_ : 0);
}

} // namespace retort::plugin_support
