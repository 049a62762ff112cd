// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <plugins/discriminators/spectral_norm_mlp/spectral_norm.hpp>
#include <plugins/shared/kernels.hpp>

namespace retort::discriminator_spectral_norm_mlp {

namespace {

constexpr int first_iterations = 30;

/// What stands for the norm of a weight that is zero.
constexpr float floor = 1e-12F;

/// Items of `width` numbers each that are worth a thread.
std::size_t grain(std::size_t width) {
    return 1 + 32768 / width;
}

void normalise(std::span<const float> values, std::span<float> result) {
    const float norm = std::sqrt(plugin_support::dot(values, values));
    plugin_support::scale(1.0F / std::max(norm, floor), values, result);
}

} // namespace

SpectralNorm::SpectralNorm(std::size_t rows, std::size_t columns, sdk::Services &services)
    : services_(services), u_(rows), v_(columns), product_(rows) {}

void SpectralNorm::initialise(sdk::ConstMatrix weight, sdk::Random random) {
    sdk::fill_normal(random, u());
    normalise(u(), u());
    for (int i = 0; i < first_iterations; ++i)
        iterate(weight);
}

void SpectralNorm::iterate(sdk::ConstMatrix weight) {
    services_.parallel_for(weight.columns, grain(weight.rows), [&](std::size_t begin, std::size_t end) {
        const std::span<float> part = v().subspan(begin, end - begin);
        std::fill(part.begin(), part.end(), 0.0F);
        for (std::size_t row = 0; row < weight.rows; ++row)
            plugin_support::add_scaled(part, u()[row], weight.row(row).subspan(begin, part.size()));
    });
    normalise(v(), v());
    multiply(weight);
    normalise(product_.span(), u());
}

/// `product_` = W v.
void SpectralNorm::multiply(sdk::ConstMatrix weight) {
    services_.parallel_for(weight.rows, grain(weight.columns), [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            product_.span()[row] = plugin_support::dot(weight.row(row), v());
    });
}

void SpectralNorm::divide(sdk::ConstMatrix weight, sdk::Matrix effective) {
    multiply(weight);
    sigma_ = std::max(plugin_support::dot(u(), product_.span()), floor);
    services_.parallel_for(weight.rows, grain(weight.columns), [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            plugin_support::scale(1.0F / sigma_, weight.row(row), effective.row(row));
    });
}

void SpectralNorm::pull_back(sdk::ConstMatrix effective, sdk::ConstMatrix effective_gradient, sdk::Matrix gradient,
                             sdk::Write write) {
    const std::span<float> products = product_.span();
    services_.parallel_for(effective.rows, grain(effective.columns), [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            products[row] = plugin_support::dot(effective_gradient.row(row), effective.row(row));
    });
    float inner = 0.0F;
    for (const float product : products)
        inner += product;
    services_.parallel_for(effective.rows, grain(effective.columns), [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            if (write == sdk::Write::replace)
                plugin_support::scale(1.0F / sigma_, effective_gradient.row(row), gradient.row(row));
            else
                plugin_support::add_scaled(gradient.row(row), 1.0F / sigma_, effective_gradient.row(row));
            plugin_support::add_scaled(gradient.row(row), -inner * u()[row] / sigma_, v());
        }
    });
}

} // namespace retort::discriminator_spectral_norm_mlp
