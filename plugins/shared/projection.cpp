// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/kernels.hpp>
#include <plugins/shared/projection.hpp>
#include <string>

namespace retort::plugin_support {

namespace {

void copy(sdk::ConstMatrix from, sdk::Matrix to) {
    for (std::size_t row = 0; row < from.rows; ++row)
        std::copy_n(from.row(row).begin(), from.columns, to.row(row).begin());
}

MatmulShape forward_shape(const Projection &projection, std::size_t rows) {
    const std::size_t in = projection.inputs();
    const std::size_t out = projection.outputs();
    return {rows, in, out, Strides{in, 1}, Strides{in, 1}.transposed(), out, true};
}

MatmulShape input_gradient_shape(const Projection &projection, std::size_t rows) {
    const std::size_t in = projection.inputs();
    const std::size_t out = projection.outputs();
    return {rows, out, in, Strides{out, 1}, Strides{in, 1}, in};
}

MatmulShape weight_gradient_shape(const Projection &projection, std::size_t rows, bool accumulate) {
    const std::size_t in = projection.inputs();
    const std::size_t out = projection.outputs();
    return {out, rows, in, Strides{out, 1}.transposed(), Strides{in, 1}, in, false, accumulate};
}

} // namespace

void ProjectionSettings::fields(sdk::Fields &fields) {
    fields("always_project", always_project,
           "Student's side: whether a trained linear map leads from the tap into the teacher head's space even where "
           "the two are of one width. Where they differ, there always is one.");
}

Projection::Projection(sdk::Arena &arena, std::size_t inputs, std::size_t outputs, sdk::Services &services)
    : arena_(arena), inputs_(inputs), outputs_(outputs),
      weight_(arena.add("projection.weight", {outputs, inputs}, true)),
      bias_(arena.add("projection.bias", {outputs}, false)), services_(services) {}

void Projection::initialise(sdk::Random random) const {
    const float deviation = 1.0F / std::sqrt(static_cast<float>(inputs_));
    sdk::fill_normal(random, weight());
    for (float &value : weight())
        value *= deviation;
    std::ranges::fill(bias(), 0.0F);
}

std::optional<Projection> make_projection(const ProjectionSettings &settings, const sdk::HeadContext &context,
                                          sdk::Arena &arena, sdk::Space::Kind kind) {
    if (context.teacher == nullptr)
        return std::nullopt;
    const sdk::Space space = context.teacher->space();
    if (space.kind != kind)
        throw sdk::Error(sdk::ErrorKind::settings,
                         kind == sdk::Space::Kind::real
                             ? "the teacher's head samples from a simplex; this head's samples are any real numbers: "
                               "allowed are teacher's heads over such a space"
                             : "the samples of the teacher's head are any real numbers; this head samples from a "
                               "simplex: allowed are teacher's heads over one");
    if (space.width == context.tap_width && !settings.always_project)
        return std::nullopt;
    return Projection(arena, context.tap_width, space.width, context.services);
}

ProjectionPass::Products::Products(const Projection &projection, std::size_t rows, const sdk::PassSpec &spec)
    : forward(forward_shape(projection, rows), projection.services()) {
    if (spec.input_gradients)
        input_gradient.emplace(input_gradient_shape(projection, rows), projection.services());
    if (!spec.parameter_gradients)
        return;
    weight_replace.emplace(weight_gradient_shape(projection, rows, false), projection.services());
    weight_add.emplace(weight_gradient_shape(projection, rows, true), projection.services());
}

ProjectionPass::ProjectionPass(const Projection *projection, std::size_t members, const sdk::PassSpec &spec)
    : projection_(projection), full_rows_(spec.rows), results_(members), gradients_(members) {
    if (projection == nullptr)
        return;
    full_.emplace(*projection, spec.rows, spec);
    if (spec.tail_rows > 0)
        tail_.emplace(*projection, spec.tail_rows, spec);
    const std::size_t gradient_rows = spec.input_gradients || spec.parameter_gradients ? spec.rows : 0;
    for (std::size_t k = 0; k < members; ++k)
        members_.push_back({{spec.rows, projection->inputs()},
                            {spec.rows, projection->outputs()},
                            {gradient_rows, projection->outputs()}});
    if (spec.input_gradients)
        tap_gradient_ = {spec.rows, projection->inputs()};
}

std::span<const sdk::ConstMatrix> ProjectionPass::forward(std::span<const sdk::ConstMatrix> members) {
    if (projection_ == nullptr)
        return members;
    rows_ = members[0].rows;
    for (std::size_t k = 0; k < members.size(); ++k) {
        const sdk::Matrix tap = members_[k].tap.view(rows_);
        const sdk::Matrix result = members_[k].result.view(rows_);
        copy(members[k], tap);
        products().forward(tap.data, projection_->weight().data(), result.data, projection_->bias().data());
        results_[k] = result;
        gradients_[k] = members_[k].gradient.view(rows_);
    }
    return results_;
}

std::span<const sdk::Matrix> ProjectionPass::gradients(std::span<const sdk::Matrix> member_gradients) const {
    return projection_ == nullptr ? member_gradients : std::span<const sdk::Matrix>(gradients_);
}

void ProjectionPass::backward(std::span<const sdk::Matrix> member_gradients, sdk::Write write) {
    if (projection_ == nullptr)
        return;
    for (std::size_t k = 0; k < members_.size(); ++k) {
        backward(members_[k], member_gradients[k], write);
        if (write == sdk::Write::replace)
            write = sdk::Write::add; // the members share W and b
    }
}

void ProjectionPass::backward(const Member &member, sdk::Matrix tap_gradient, sdk::Write write) {
    const sdk::Matrix gradient = member.gradient.view(rows_);
    if (products().input_gradient) {
        const sdk::Matrix result = tap_gradient_.view(rows_);
        (*products().input_gradient)(gradient.data, projection_->weight().data(), result.data);
        copy(result, tap_gradient);
    }
    if (write == sdk::Write::none)
        return;
    const Matmul &product = *(write == sdk::Write::replace ? products().weight_replace : products().weight_add);
    product(gradient.data, member.tap.view().data, projection_->weight_gradient().data());
    const std::span<float> bias = projection_->bias_gradient();
    if (write == sdk::Write::replace)
        std::ranges::fill(bias, 0.0F);
    for (std::size_t row = 0; row < rows_; ++row)
        add(bias, gradient.row(row));
}

} // namespace retort::plugin_support
