// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <plugins/shared/condition_projection.hpp>
#include <span>
#include <string>
#include <utility>

namespace retort::plugin_support {

namespace {

void write_one_hot(std::int32_t label, std::span<float> result) {
    std::fill(result.begin(), result.end(), 0.0F);
    if (label == sdk::unlabelled)
        return;
    if (label < 0 || static_cast<std::size_t>(label) >= result.size())
        throw sdk::Error(sdk::ErrorKind::plugin, "a condition has the label " + std::to_string(label) +
                                                     ", expected -1 to " + std::to_string(result.size() - 1));
    result[static_cast<std::size_t>(label)] = 1.0F;
}

} // namespace

ConditionProjection::ConditionProjection(const DenseNetwork &network, ConditionWidths widths, std::size_t rows,
                                         sdk::Services &services)
    : network_(network), widths_(widths), services_(services), encoded_(rows, widths.total()),
      result_(rows, network.output_width(0)), sum_(rows, network.output_width(0)) {}

sdk::ConstMatrix ConditionProjection::forward(const sdk::Condition &condition, std::size_t rows) {
    condition_ = encode(condition, checked_examples(condition, rows));
    const sdk::Matrix result = result_.view(condition_.rows);
    const float *weight = network_.weight(0).data() + network_.input_width(0) - widths_.total();
    products(condition_.rows).forward(condition_.data, weight, result.data, network_.bias(0).data());
    return result;
}

std::size_t ConditionProjection::checked_examples(const sdk::Condition &condition, std::size_t rows) const {
    const sdk::ConstMatrix &features = condition.features;
    const std::size_t labels = condition.batch.labels.size();
    const std::size_t examples = widths_.features > 0 ? features.rows : labels;
    const bool features_fit = widths_.features == 0 || (!features.empty() && features.columns == widths_.features);
    const bool labels_fit = widths_.classes == 0 || labels == examples;
    if (features_fit && labels_fit && examples > 0 && rows % examples == 0)
        return examples;
    throw sdk::Error(sdk::ErrorKind::plugin,
                     "the condition of " + std::to_string(rows) + " samples has " + std::to_string(features.rows) +
                         " rows of " + std::to_string(features.columns) + " features and " + std::to_string(labels) +
                         " labels, expected a number of examples that divides that of samples, with " +
                         std::to_string(widths_.features) + " features" +
                         (widths_.classes > 0 ? " and a label each" : " each"));
}

sdk::ConstMatrix ConditionProjection::encode(const sdk::Condition &condition, std::size_t examples) {
    const sdk::Matrix result = encoded_.view(examples);
    for (std::size_t row = 0; row < examples; ++row) {
        if (widths_.features > 0)
            std::copy_n(condition.features.row(row).begin(), widths_.features, result.row(row).begin());
        if (widths_.classes > 0)
            write_one_hot(condition.batch.labels[row], result.row(row).subspan(widths_.features));
    }
    return result;
}

void ConditionProjection::backward(sdk::ConstMatrix gradient, sdk::Write write) {
    const Products &made = products(condition_.rows);
    const Matmul &product = write == sdk::Write::replace ? made.weight_replace : made.weight_add;
    float *target = network_.weight_gradient(0).data() + network_.input_width(0) - widths_.total();
    product(sum_over_samples(gradient).data, condition_.data, target);
}

const ConditionProjection::Products &ConditionProjection::products(std::size_t examples) {
    for (const Products &made : products_)
        if (made.examples == examples)
            return made;
    return products_.emplace_back(make_products(examples));
}

ConditionProjection::Products ConditionProjection::make_products(std::size_t examples) const {
    const std::size_t out = network_.output_width(0);
    const Strides condition{widths_.total(), 1};
    const Strides weight{network_.input_width(0), 1};
    const MatmulShape forward{examples, widths_.total(), out, condition, weight.transposed(), out, true};
    MatmulShape gradient{out, examples, widths_.total(), Strides{out, 1}.transposed(), condition, weight.row};
    Matmul replace(gradient, services_);
    gradient.accumulate = true;
    return {examples, Matmul(forward, services_), std::move(replace), Matmul(gradient, services_)};
}

sdk::ConstMatrix ConditionProjection::sum_over_samples(sdk::ConstMatrix gradient) {
    if (gradient.rows == condition_.rows)
        return gradient;
    const sdk::Matrix sum = sum_.view(condition_.rows);
    for (std::size_t row = 0; row < gradient.rows; ++row) {
        const std::span<float> target = sum.row(row % sum.rows);
        if (row < sum.rows)
            std::copy_n(gradient.row(row).begin(), sum.columns, target.begin());
        else
            add(target, gradient.row(row));
    }
    return sum;
}

} // namespace retort::plugin_support
