// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <plugins/shared/density_pass.hpp>
#include <plugins/shared/kernels.hpp>
#include <string>
#include <utility>

namespace retort::plugin_support {

namespace {

constexpr std::size_t grain = 16; ///< rows per part

/// Makes room for `rows` rows; in a steady step there is.
void reserve(sdk::MatrixBuffer &buffer, std::size_t rows, std::size_t columns) {
    if (buffer.view().rows < rows)
        buffer = sdk::MatrixBuffer(rows, columns);
}

void clear(sdk::Matrix matrix) {
    for (std::size_t r = 0; r < matrix.rows; ++r)
        std::ranges::fill(matrix.row(r), 0.0F);
}

} // namespace

DensityPass::DensityPass(std::unique_ptr<Family> family, const DensityPassParts &parts, const sdk::PassSpec &spec)
    : family_(std::move(family)), services_(parts.services), is_teacher_(parts.is_teacher),
      projection_(parts.projection, parts.members, spec), members_(parts.members) {
    const std::size_t gradient_rows = spec.input_gradients || spec.parameter_gradients ? spec.rows : 0;
    for (std::size_t i = 0; i < (family_->has_second() ? 2U : 1U); ++i) {
        parameters_[i] = {spec.rows, parts.width};
        gradients_[i] = {gradient_rows, parts.width};
    }
    kept_ = {spec.rows, family_->kept(parts.width)};
}

template <class Body> void DensityPass::for_rows(std::size_t count, Body &&body) {
    services_.parallel_for(count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            body(i);
    });
}

FamilyRow DensityPass::row_of(std::size_t row) const {
    return {parameters_[0].view().row(row),
            family_->has_second() ? parameters_[1].view().row(row) : std::span<const float>()};
}

FamilyGradient DensityPass::gradient_row(std::size_t row) const {
    return {gradients_[0].view().row(row), family_->has_second() ? gradients_[1].view().row(row) : std::span<float>()};
}

void DensityPass::forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) {
    std::ranges::copy(projection_.forward(members), members_.begin());
    rows_ = members_[0].rows;
    first_row_ = batch.first_row;
    make_parameters();
}

sdk::Distribution DensityPass::distribution() const {
    return {family_->name(),
            {parameters(0), family_->has_second() ? sdk::ConstMatrix(parameters(1)) : sdk::ConstMatrix()}};
}

void DensityPass::sample(sdk::Matrix z, sdk::Random random, sdk::Progress progress) {
    anneal(progress);
    reserve(kept_, z.rows, family_->kept(z.columns));
    for_rows(z.rows, [&](std::size_t i) {
        const std::size_t row = i % rows_;
        family_->sample(row_of(row), random.at(i / rows_).at(first_row_ + row), z.row(i), kept_.view().row(i));
    });
}

void DensityPass::log_density(sdk::ConstMatrix z, std::span<float> result) {
    reserve(judged_, z.rows, z.columns);
    for_rows(z.rows, [&](std::size_t i) {
        std::ranges::copy(z.row(i), judged_.view().row(i).begin());
        result[i] = static_cast<float>(family_->log_density(row_of(i % rows_), z.row(i)));
    });
}

void DensityPass::backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients,
                           sdk::Write write) {
    if (is_teacher_)
        throw sdk::Error(sdk::ErrorKind::plugin, "a head of \"" + std::string(family_->name()) +
                                                     "\" distributions on the teacher's side has nothing to train");
    for (std::size_t i = 0; i < 2; ++i) {
        clear(gradients(i));
        for (std::size_t r = 0; r < gradient.parameters[i].rows; ++r)
            add(gradients(i).row(r), gradient.parameters[i].row(r));
    }
    for (std::size_t i = 0; i < gradient.sample.rows; ++i) // draws of one row meet in one place
        family_->sample_gradient(row_of(i % rows_), kept_.view().row(i), gradient.sample.row(i),
                                 gradient_row(i % rows_));
    for (std::size_t i = 0; i < gradient.log_density.size(); ++i)
        family_->log_density_gradient(row_of(i % rows_), judged_.view().row(i),
                                      static_cast<double>(gradient.log_density[i]), gradient_row(i % rows_));
    hand_back(projection_.gradients(member_gradients), write);
    projection_.backward(member_gradients, write);
}

} // namespace retort::plugin_support
