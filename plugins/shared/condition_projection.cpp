// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <plugins/shared/condition_projection.hpp>
#include <span>
#include <string>
#include <utility>

namespace retort::plugin_support {

namespace {

/// Number of the class, or `classes` for none. Throws sdk::Error for a label that is no class.
std::size_t class_of(std::int32_t label, std::size_t classes) {
    if (label == sdk::unlabelled)
        return classes;
    if (label < 0 || static_cast<std::size_t>(label) >= classes)
        throw sdk::Error(sdk::ErrorKind::plugin, "a condition has the label " + std::to_string(label) +
                                                     ", expected -1 to " + std::to_string(classes - 1));
    return static_cast<std::size_t>(label);
}

void clear_matrix(sdk::Matrix matrix) {
    for (std::size_t row = 0; row < matrix.rows; ++row)
        std::ranges::fill(matrix.row(row), 0.0F);
}

} // namespace

ConditionProjection::ConditionProjection(const ConditionTensors &tensors, ConditionWidths widths, std::size_t rows,
                                         sdk::Services &services)
    : tensors_(tensors), widths_(widths), services_(services), encoded_(rows, widths.total()),
      result_(rows, tensors.weight.values.rows), sum_(rows, tensors.weight.values.rows),
      embedded_(widths.embedding > 0 ? rows : 0), embedded_gradients_(embedded_.size(), widths.embedding) {}

sdk::ConstMatrix ConditionProjection::forward(const sdk::Condition &condition, std::size_t rows) {
    condition_ = encode(condition, checked_examples(condition, rows));
    const sdk::Matrix result = result_.view(condition_.rows);
    products(condition_.rows)
        .forward(condition_.data, columns_of(tensors_.weight.values), result.data, tensors_.bias.data());
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
            encode_label(condition.batch.labels[row], row);
    }
    return result;
}

void ConditionProjection::encode_label(std::int32_t label, std::size_t row) {
    const std::size_t number = class_of(label, widths_.classes);
    const std::span<float> result = encoded_.view().row(row).subspan(widths_.features);
    if (widths_.embedding > 0) {
        embedded_[row] = number;
        std::ranges::copy(tensors_.embedding.values.row(number), result.begin());
        return;
    }
    std::ranges::fill(result, 0.0F);
    if (number < widths_.classes)
        result[number] = 1.0F;
}

void ConditionProjection::backward(sdk::ConstMatrix gradient, sdk::Write write) {
    const Products &made = products(condition_.rows);
    const Matmul &product = write == sdk::Write::replace ? made.weight_replace : made.weight_add;
    const sdk::ConstMatrix sum = sum_over_samples(gradient);
    product(sum.data, condition_.data, columns_of(tensors_.weight.gradients));
    if (write == sdk::Write::replace)
        clear_matrix(tensors_.embedding.gradients);
    if (made.embedding)
        gradient_of_embedding(made, sum);
}

/// Adds to the rows that the examples have.
void ConditionProjection::gradient_of_embedding(const Products &made, sdk::ConstMatrix sum) {
    const sdk::Matrix gradients = embedded_gradients_.view(sum.rows);
    (*made.embedding)(sum.data, columns_of(tensors_.weight.values) + widths_.features, gradients.data);
    for (std::size_t row = 0; row < sum.rows; ++row)
        add(tensors_.embedding.gradients.row(embedded_[row]), gradients.row(row));
}

void ConditionProjection::clear_gradients() {
    const sdk::Matrix all = tensors_.weight.gradients;
    clear_matrix({columns_of(all), all.rows, widths_.total(), all.stride});
    clear_matrix(tensors_.embedding.gradients);
}

const ConditionProjection::Products &ConditionProjection::products(std::size_t examples) {
    for (const Products &made : products_)
        if (made.examples == examples)
            return made;
    return products_.emplace_back(make_products(examples));
}

ConditionProjection::Products ConditionProjection::make_products(std::size_t examples) const {
    const std::size_t out = tensors_.weight.values.rows;
    const Strides condition{widths_.total(), 1};
    const Strides weight{tensors_.weight.values.stride, 1};
    const MatmulShape forward{examples, widths_.total(), out, condition, weight.transposed(), out, true};
    MatmulShape gradient{out, examples, widths_.total(), Strides{out, 1}.transposed(), condition, weight.row};
    Matmul replace(gradient, services_);
    gradient.accumulate = true;
    Products made{examples, Matmul(forward, services_), std::move(replace), Matmul(gradient, services_), {}};
    if (const std::size_t width = widths_.embedding; width > 0)
        made.embedding.emplace(MatmulShape{examples, out, width, {out, 1}, weight, width}, services_);
    return made;
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
