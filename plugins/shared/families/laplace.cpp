// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <plugins/shared/families/laplace.hpp>

namespace retort::plugin_support {

namespace {

double sign(double x) {
    return x == 0.0 ? 0.0 : std::copysign(1.0, x);
}

} // namespace

double Laplace::entropy(FamilyRow q, double weight, FamilyGradient gradient) {
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto b = static_cast<double>(q.second[c]);
        sum += 1.0 + std::log(2.0 * b);
        add_to(gradient.second, c, weight / b);
    }
    return sum;
}

double Laplace::cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) {
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto spread = static_cast<double>(p.second[c]);
        const auto b = static_cast<double>(q.second[c]);
        const double difference = static_cast<double>(q.first[c]) - static_cast<double>(p.first[c]);
        const double tail = std::exp(-std::abs(difference) / spread);
        const double distance = std::abs(difference) + spread * tail;
        sum += std::log(2.0 * b) + distance / b;
        add_to(of_q.first, c, weight * sign(difference) * (1.0 - tail) / b);
        add_to(of_q.second, c, weight * (1.0 - distance / b) / b);
    }
    return sum;
}

double Laplace::divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) {
    const double result = cross_entropy(p, q, weight, of_q) - entropy(p, -weight, of_p);
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto spread = static_cast<double>(p.second[c]);
        const auto b = static_cast<double>(q.second[c]);
        const double difference = static_cast<double>(p.first[c]) - static_cast<double>(q.first[c]);
        const double gap = std::abs(difference) / spread;
        add_to(of_p.first, c, weight * sign(difference) * -std::expm1(-gap) / b);
        add_to(of_p.second, c, weight * std::exp(-gap) * (1.0 + gap) / b);
    }
    return result;
}

double Laplace::log_density(FamilyRow q, std::span<const float> z) const {
    double sum = 0.0;
    for (std::size_t c = 0; c < z.size(); ++c) {
        const auto b = static_cast<double>(q.second[c]);
        sum -= std::log(2.0 * b) + std::abs(static_cast<double>(z[c]) - static_cast<double>(q.first[c])) / b;
    }
    return sum;
}

void Laplace::log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                                   FamilyGradient gradient) const {
    for (std::size_t c = 0; c < z.size(); ++c) {
        const auto b = static_cast<double>(q.second[c]);
        const double x = (static_cast<double>(z[c]) - static_cast<double>(q.first[c])) / b;
        add_to(gradient.first, c, weight * sign(x) / b);
        add_to(gradient.second, c, weight * (std::abs(x) - 1.0) / b);
    }
}

void Laplace::draw_standard(sdk::Random random, std::span<float> result) const {
    sdk::fill_uniform(random, result);
    for (float &value : result) {
        const double centred = static_cast<double>(value) - 0.5 + 0x1p-25; // symmetric, and within +-1/2
        value = static_cast<float>(-sign(centred) * std::log1p(-2.0 * std::abs(centred)));
    }
}

} // namespace retort::plugin_support
