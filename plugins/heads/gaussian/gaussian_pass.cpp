// SPDX-License-Identifier: Apache-2.0
#include "gaussian_pass.hpp"

#include <algorithm>
#include <cmath>
#include <plugins/shared/kernels.hpp>
#include <plugins/shared/noise.hpp>

namespace retort::head_gaussian {

namespace {

constexpr double half_log_two_pi = 0.91893853320467274178;
constexpr std::size_t grain = 16; ///< rows per part

/// Makes room for `rows` rows; in a steady step there is.
void reserve(sdk::MatrixBuffer &buffer, std::size_t rows, std::size_t columns) {
    if (buffer.view().rows < rows)
        buffer = sdk::MatrixBuffer(rows, columns);
}

} // namespace

GaussianPass::GaussianPass(Gaussian &head, const plugin_support::Projection *projection, sdk::Services &services,
                           std::size_t members, const sdk::PassSpec &spec)
    : head_(head), services_(services), projection_(projection, members, spec), mean_(spec.rows, head.space().width),
      deviation_(spec.rows, head.space().width), noise_(spec.rows, head.space().width),
      mean_gradient_(spec.input_gradients || spec.parameter_gradients ? spec.rows : 0, head.space().width),
      deviation_gradient_(head.space().width), zeros_(head.space().width) {}

void GaussianPass::forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) {
    const std::span<const sdk::ConstMatrix> u = projection_.forward(members);
    rows_ = u[0].rows;
    first_row_ = batch.first_row;
    locate(u);
    for (std::size_t r = 0; r < rows_; ++r)
        std::ranges::copy(head_.deviation(), deviation_.view().row(r).begin());
    if (head_.is_teacher() && u.size() > 1)
        spread_over_members(u);
    plugin_support::apply(head_.affine(), mean_.view(rows_), mean_.view(rows_));
}

/// The mean of the members, before the map.
void GaussianPass::locate(std::span<const sdk::ConstMatrix> u) {
    const auto count = static_cast<float>(u.size());
    for (std::size_t r = 0; r < rows_; ++r) {
        const std::span<float> mean = mean_.view().row(r);
        std::ranges::copy(u[0].row(r), mean.begin());
        for (std::size_t k = 1; k < u.size(); ++k)
            for (std::size_t c = 0; c < mean.size(); ++c)
                mean[c] += u[k].row(r)[c];
        for (float &value : mean)
            value /= count;
    }
}

/// Standard deviations above what stands there already; `mean_` is not yet mapped.
void GaussianPass::spread_over_members(std::span<const sdk::ConstMatrix> u) {
    const std::span<const float> scale = head_.affine().scale;
    for (std::size_t r = 0; r < rows_; ++r)
        for (std::size_t c = 0; c < zeros_.size(); ++c) {
            float squares = 0.0F;
            for (const sdk::ConstMatrix &member : u) {
                const float difference = member.row(r)[c] - mean_.view().row(r)[c];
                squares += difference * difference;
            }
            float &deviation = deviation_.view().row(r)[c];
            const float spread = std::sqrt(squares / static_cast<float>(u.size()));
            deviation = std::max(deviation, scale.empty() ? spread : scale[c] * spread);
        }
}

sdk::Distribution GaussianPass::distribution() const {
    return {head_.family(), {mean_.view(rows_), deviation_.view(rows_)}};
}

void GaussianPass::sample(sdk::Matrix z, sdk::Random random, sdk::Progress) {
    reserve(noise_, z.rows, z.columns);
    services_.parallel_for(z.rows, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::size_t row = i % rows_;
            const std::span<float> noise = noise_.view().row(i);
            const std::span<const float> mean = mean_.view().row(row);
            const std::span<const float> deviation = deviation_.view().row(row);
            plugin_support::add_noise(1.0F, random.at(i / rows_).at(first_row_ + row), zeros_, noise);
            for (std::size_t c = 0; c < noise.size(); ++c)
                z.row(i)[c] = mean[c] + deviation[c] * noise[c];
        }
    });
}

void GaussianPass::log_density(sdk::ConstMatrix z, std::span<float> result) {
    reserve(residual_, z.rows, z.columns);
    for (std::size_t i = 0; i < z.rows; ++i) {
        const std::span<const float> mean = mean_.view().row(i % rows_);
        const std::span<const float> deviation = deviation_.view().row(i % rows_);
        const std::span<float> residual = residual_.view().row(i);
        double sum = 0.0;
        for (std::size_t c = 0; c < z.columns; ++c) {
            residual[c] = (z.row(i)[c] - mean[c]) / deviation[c];
            const auto x = static_cast<double>(residual[c]);
            sum -= std::log(static_cast<double>(deviation[c])) + half_log_two_pi + 0.5 * x * x;
        }
        result[i] = static_cast<float>(sum);
    }
}

void GaussianPass::backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients,
                            sdk::Write write) {
    if (head_.is_teacher())
        throw sdk::Error(sdk::ErrorKind::plugin, "a Gaussian head on the teacher's side has nothing to train");
    clear_gradients();
    add_sample_gradient(gradient.sample);
    add_density_gradient(gradient.log_density);
    add_parameter_gradients(gradient.parameters[0], gradient.parameters[1]);
    hand_to_members(projection_.gradients(member_gradients));
    projection_.backward(member_gradients, write);
    head_.write_scale_gradient(deviation_gradient_, write);
}

void GaussianPass::clear_gradients() {
    for (std::size_t r = 0; r < rows_; ++r)
        std::ranges::fill(mean_gradient_.view().row(r), 0.0F);
    std::ranges::fill(deviation_gradient_, 0.0);
}

void GaussianPass::add_sample_gradient(sdk::ConstMatrix gradient) {
    for (std::size_t i = 0; i < gradient.rows; ++i) {
        const std::span<float> mean = mean_gradient_.view().row(i % rows_);
        const std::span<const float> noise = noise_.view().row(i);
        const std::span<const float> here = gradient.row(i);
        plugin_support::add(mean, here);
        for (std::size_t c = 0; c < mean.size(); ++c)
            deviation_gradient_[c] += static_cast<double>(here[c] * noise[c]);
    }
}

/// With x = (z - mu) / sigma: d log q / d mu = x / sigma, d log q / d sigma = (x^2 - 1) / sigma.
void GaussianPass::add_density_gradient(std::span<const float> gradient) {
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const std::span<float> mean = mean_gradient_.view().row(i % rows_);
        const std::span<const float> deviation = deviation_.view().row(i % rows_);
        const std::span<const float> x = residual_.view().row(i);
        for (std::size_t c = 0; c < mean.size(); ++c) {
            const float slope = gradient[i] / deviation[c];
            mean[c] += slope * x[c];
            deviation_gradient_[c] += static_cast<double>(slope * (x[c] * x[c] - 1.0F));
        }
    }
}

void GaussianPass::add_parameter_gradients(sdk::ConstMatrix mean_gradient, sdk::ConstMatrix deviation_gradient) {
    for (std::size_t r = 0; r < mean_gradient.rows; ++r)
        plugin_support::add(mean_gradient_.view().row(r), mean_gradient.row(r));
    for (std::size_t r = 0; r < deviation_gradient.rows; ++r) {
        const std::span<const float> gradient = deviation_gradient.row(r);
        for (std::size_t c = 0; c < gradient.size(); ++c)
            deviation_gradient_[c] += static_cast<double>(gradient[c]);
    }
}

/// mu is the map of the members' mean.
void GaussianPass::hand_to_members(std::span<const sdk::Matrix> gradients) {
    const std::span<const float> scale = head_.affine().scale;
    const float share = 1.0F / static_cast<float>(gradients.size());
    for (std::size_t r = 0; r < rows_; ++r) {
        const std::span<float> gradient = mean_gradient_.view().row(r);
        for (std::size_t c = 0; c < gradient.size(); ++c)
            gradient[c] *= scale.empty() ? share : share * scale[c];
        for (const sdk::Matrix &member : gradients)
            std::ranges::copy(gradient, member.row(r).begin());
    }
}

} // namespace retort::head_gaussian
