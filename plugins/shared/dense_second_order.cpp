// SPDX-License-Identifier: Apache-2.0
// DensePass::second_backward. The sum S = sum_r <v_r, d a_r / d x_r> is the derivative of sum_r a_r along v. With
// u_l = W_l y_l + b_l and y_l+1 = m_l f(u_l), m_l being what dropout multiplies by, and y'_0 = v,
//   up    u'_l = W_l y'_l,   y'_l+1 = m_l f'(u_l) u'_l;   S is the sum of <seed, u'> of the last layer;
//   down  d_l = d S / d u'_l: the seed at the last layer, d_l = m_l f'(u_l) W_l+1^T d_l+1 below;
//         p_l = d S / d u_l:  0 at the last layer,
//               p_l = m_l f'(u_l) W_l+1^T p_l+1 + m_l f''(u_l) u'_l W_l+1^T d_l+1 below,
// products of vectors being element by element, and d S / d W_l = d_l y'_l^T + p_l y_l^T, d S / d b_l = p_l. Where the
// activation is linear in pieces, all p_l are 0.
#include <algorithm>
#include <plugins/shared/dense_second_order.hpp>
#include <span>

namespace retort::plugin_support {

namespace {

void copy_rows(sdk::ConstMatrix from, sdk::Matrix to) {
    for (std::size_t row = 0; row < to.rows; ++row)
        std::ranges::copy(from.row(row), to.row(row).begin());
}

} // namespace

DensePass::SecondOrder::SecondOrder(const DensePass &pass) {
    const DenseNetwork &network = pass.network_;
    const bool smooth = !network.shape().activation.piecewise_linear();
    std::size_t widest = 0;
    for (std::size_t layer = 0; layer < network.layers(); ++layer) {
        tangents.emplace_back(pass.full_rows_, pass.product_width(layer));
        widest = std::max(widest, pass.product_width(layer));
        if (!smooth || !network.hidden(layer))
            continue;
        pushed.emplace_back(pass.full_rows_, network.output_width(layer));
        curvatures.emplace_back(pass.full_rows_, network.output_width(layer));
    }
    tangents.emplace_back(pass.full_rows_, network.shape().output_width);
    if (smooth && pass.rounds())
        widened = sdk::MatrixBuffer(pass.full_rows_, widest);
}

const DensePass::SecondOrder::Products &DensePass::SecondOrder::of(const DensePass &pass) {
    for (const Products &made : products)
        if (made.rows == pass.rows_)
            return made;
    return products.emplace_back(make_products(pass));
}

DensePass::SecondOrder::Products DensePass::SecondOrder::make_products(const DensePass &pass) {
    Products made;
    made.rows = pass.rows_;
    for (std::size_t layer = 0; layer < pass.network_.layers(); ++layer) {
        const std::size_t in = pass.product_width(layer);
        const std::size_t out = pass.network_.output_width(layer);
        const Strides weight{pass.network_.input_width(layer), 1};
        MatmulShape gradient{out, made.rows, in, Strides{out, 1}.transposed(), {in, 1}, weight.row};
        gradient.accumulate = true;
        made.push.emplace_back(MatmulShape{made.rows, in, out, {in, 1}, weight.transposed(), out}, pass.services_);
        made.pull.emplace_back(MatmulShape{made.rows, out, in, {out, 1}, weight, in}, pass.services_);
        made.weight.emplace_back(gradient, pass.services_);
    }
    return made;
}

sdk::ConstMatrix DensePass::output_tangent() const {
    return second_order_->tangents.back().view(rows_);
}

void DensePass::second_backward(sdk::ConstMatrix seed, sdk::ConstMatrix direction, sdk::Write write) {
    if (write == sdk::Write::none)
        return;
    check_parameter_gradients();
    if (write == sdk::Write::replace)
        clear_parameter_gradients(0);
    if (!second_order_)
        second_order_ = std::make_unique<SecondOrder>(*this);
    push(direction);
    pull(seed);
    const bool bends = !second_order_->curvatures.empty();
    first_gradient_ = bends ? sdk::ConstMatrix(second_order_->curvatures[0].view(rows_)) : sdk::ConstMatrix{};
}

/// Up: y'_l of all layers.
void DensePass::push(sdk::ConstMatrix direction) {
    const SecondOrder::Products &made = second_order_->of(*this);
    const sdk::Matrix first = second_order_->tangents[0].view(rows_);
    copy_rows(direction, first);
    for (std::size_t row = 0; row < rows_ && input_dropout_.active(); ++row)
        drop_gradient(input_dropout_, first.row(row), input_.row(row));
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        const sdk::Matrix above = second_order_->tangents[layer + 1].view(rows_);
        made.push[layer](second_order_->tangents[layer].view().data, network_.weight(layer).data(), above.data);
        if (!network_.hidden(layer))
            continue;
        if (!second_order_->pushed.empty())
            copy_rows(above, second_order_->pushed[layer].view(rows_));
        multiply_by(Derivative::first, layer, above);
    }
}

/// Down: d_l of all layers, in the buffers of `backward`, and the gradients.
void DensePass::pull(sdk::ConstMatrix seed) {
    const SecondOrder::Products &made = second_order_->of(*this);
    copy_rows(seed, gradient(layers_.size() - 1));
    for (std::size_t layer = layers_.size(); layer-- > 0;) {
        const sdk::Matrix known = gradient(layer);
        made.weight[layer](known.data, second_order_->tangents[layer].view().data,
                           network_.weight_gradient(layer).data());
        if (layer == 0)
            break;
        const sdk::Matrix below = gradient(layer - 1);
        made.pull[layer](known.data, network_.weight(layer).data(), below.data);
        if (!second_order_->curvatures.empty())
            bend(layer - 1);
        multiply_by(Derivative::first, layer - 1, below);
    }
}

/// p_l of a hidden layer and its gradients; W_l+1^T d_l+1 stands in gradient(l).
void DensePass::bend(std::size_t layer) {
    const SecondOrder::Products &made = second_order_->of(*this);
    const sdk::Matrix own = second_order_->pushed[layer].view(rows_);
    const sdk::Matrix curvature = second_order_->curvatures[layer].view(rows_);
    for_each_row(own.columns,
                 [&](std::size_t row) { plugin_support::multiply(own.row(row), gradient(layer).row(row)); });
    multiply_by(Derivative::second, layer, own);
    if (network_.hidden(layer + 1)) {
        made.pull[layer + 1](second_order_->curvatures[layer + 1].view().data, network_.weight(layer + 1).data(),
                             curvature.data);
        multiply_by(Derivative::first, layer, curvature);
        for_each_row(own.columns, [&](std::size_t row) { add(curvature.row(row), own.row(row)); });
    } else {
        copy_rows(own, curvature);
    }
    made.weight[layer](curvature.data, unrounded_input(layer).data, network_.weight_gradient(layer).data());
    for (std::size_t row = 0; row < rows_; ++row)
        add(network_.bias_gradient(layer), curvature.row(row));
}

/// `values` *= what dropout multiplied by and a derivative of the layer's activation.
void DensePass::multiply_by(Derivative derivative, std::size_t layer, sdk::Matrix values) {
    for_each_row(values.columns, [&](std::size_t row) {
        if (drops(layer))
            drop_gradient(dropout_, values.row(row), passed_on(layer).row(row));
        multiply_by(derivative, layer, row, values.row(row));
    });
}

sdk::ConstMatrix DensePass::unrounded_input(std::size_t layer) {
    if (layer == 0 || layers_[layer - 1].rounded_output.empty())
        return layer_input(layer);
    const std::size_t width = product_width(layer);
    const sdk::Matrix result{second_order_->widened.view().data, rows_, width, width};
    for_each_row(width, [&](std::size_t row) {
        widen(std::span(layers_[layer - 1].rounded_output).subspan(row * width, width), result.row(row));
    });
    return result;
}

} // namespace retort::plugin_support
