// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <plugins/discriminators/paired/condition_projection.hpp>
#include <span>
#include <utility>

namespace retort::discriminator_paired {

using plugin_support::Matmul;
using plugin_support::MatmulShape;
using plugin_support::Strides;

ConditionProjection::ConditionProjection(const plugin_support::DenseNetwork &network, std::size_t width,
                                         std::size_t rows)
    : network_(network), width_(width), features_copy_(rows, width), result_(rows, network.output_width(0)),
      sum_(rows, network.output_width(0)) {}

sdk::ConstMatrix ConditionProjection::forward(sdk::ConstMatrix features) {
    const sdk::Matrix copy = features_copy_.view(features.rows);
    for (std::size_t row = 0; row < features.rows; ++row)
        std::copy_n(features.row(row).begin(), width_, copy.row(row).begin());
    features_ = copy;
    const sdk::Matrix result = result_.view(features.rows);
    const float *weight = network_.weight(0).data() + network_.input_width(0) - width_;
    products(features.rows).forward(features_.data, weight, result.data, network_.bias(0).data());
    return result;
}

void ConditionProjection::backward(sdk::ConstMatrix gradient, sdk::Write write) {
    const Products &made = products(features_.rows);
    const Matmul &product = write == sdk::Write::replace ? made.weight_replace : made.weight_add;
    float *target = network_.weight_gradient(0).data() + network_.input_width(0) - width_;
    product(sum_over_samples(gradient).data, features_.data, target);
}

const ConditionProjection::Products &ConditionProjection::products(std::size_t examples) {
    for (const Products &made : products_)
        if (made.examples == examples)
            return made;
    return products_.emplace_back(make_products(examples));
}

ConditionProjection::Products ConditionProjection::make_products(std::size_t examples) const {
    const std::size_t out = network_.output_width(0);
    const Strides features{width_, 1};
    const Strides weight{network_.input_width(0), 1};
    const MatmulShape forward{examples, width_, out, features, weight.transposed(), out, true};
    MatmulShape gradient{out, examples, width_, Strides{out, 1}.transposed(), features, weight.row};
    Matmul replace(gradient);
    gradient.accumulate = true;
    return {examples, Matmul(forward), std::move(replace), Matmul(gradient)};
}

sdk::ConstMatrix ConditionProjection::sum_over_samples(sdk::ConstMatrix gradient) {
    if (gradient.rows == features_.rows)
        return gradient;
    const sdk::Matrix sum = sum_.view(features_.rows);
    for (std::size_t row = 0; row < gradient.rows; ++row) {
        const std::span<float> target = sum.row(row % sum.rows);
        if (row < sum.rows)
            std::copy_n(gradient.row(row).begin(), sum.columns, target.begin());
        else
            plugin_support::add(target, gradient.row(row));
    }
    return sum;
}

} // namespace retort::discriminator_paired
