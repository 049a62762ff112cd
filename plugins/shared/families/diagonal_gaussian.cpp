// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <plugins/shared/families/diagonal_gaussian.hpp>
#include <plugins/shared/noise.hpp>

namespace retort::plugin_support {

namespace {

constexpr double half_log_two_pi = 0.91893853320467274178;

} // namespace

double DiagonalGaussian::entropy(FamilyRow q, double weight, FamilyGradient gradient) {
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto sigma = static_cast<double>(q.second[c]);
        sum += std::log(sigma) + half_log_two_pi + 0.5;
        add_to(gradient.second, c, weight / sigma);
    }
    return sum;
}

double DiagonalGaussian::cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) {
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto spread = static_cast<double>(p.second[c]);
        const auto sigma = static_cast<double>(q.second[c]);
        const double difference = static_cast<double>(q.first[c]) - static_cast<double>(p.first[c]);
        const double ratio = (spread * spread + difference * difference) / (sigma * sigma);
        sum += std::log(sigma) + half_log_two_pi + 0.5 * ratio;
        add_to(of_q.first, c, weight * difference / (sigma * sigma));
        add_to(of_q.second, c, weight * (1.0 - ratio) / sigma);
    }
    return sum;
}

double DiagonalGaussian::divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) {
    const double result = cross_entropy(p, q, weight, of_q) - entropy(p, -weight, of_p);
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const double square = static_cast<double>(q.second[c]) * static_cast<double>(q.second[c]);
        add_to(of_p.first, c, weight * (static_cast<double>(p.first[c]) - static_cast<double>(q.first[c])) / square);
        add_to(of_p.second, c, weight * static_cast<double>(p.second[c]) / square);
    }
    return result;
}

double DiagonalGaussian::log_density(FamilyRow q, std::span<const float> z) const {
    double sum = 0.0;
    for (std::size_t c = 0; c < z.size(); ++c) {
        const auto sigma = static_cast<double>(q.second[c]);
        const double x = (static_cast<double>(z[c]) - static_cast<double>(q.first[c])) / sigma;
        sum -= std::log(sigma) + half_log_two_pi + 0.5 * x * x;
    }
    return sum;
}

/// With x = (z - mu) / sigma: d log q / d mu = x / sigma, d log q / d sigma = (x^2 - 1) / sigma.
void DiagonalGaussian::log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                                            FamilyGradient gradient) const {
    for (std::size_t c = 0; c < z.size(); ++c) {
        const auto sigma = static_cast<double>(q.second[c]);
        const double x = (static_cast<double>(z[c]) - static_cast<double>(q.first[c])) / sigma;
        add_to(gradient.first, c, weight * x / sigma);
        add_to(gradient.second, c, weight * (x * x - 1.0) / sigma);
    }
}

void DiagonalGaussian::draw_standard(sdk::Random random, std::span<float> result) const {
    std::ranges::fill(result, 0.0F);
    add_noise(1.0F, random, result, result);
}

} // namespace retort::plugin_support
