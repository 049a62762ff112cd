// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <plugins/shared/families/categorical.hpp>
#include <plugins/shared/families/gamma.hpp>
#include <plugins/shared/families/log_softmax.hpp>
#include <plugins/shared/families/simplex.hpp>

namespace retort::plugin_support {

double Categorical::entropy(FamilyRow q, double weight, FamilyGradient gradient) {
    const LogSoftmax pi(q.first);
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c)
        sum -= pi.probability(c) * pi.log(c);
    for (std::size_t c = 0; c < gradient.first.size(); ++c)
        add_to(gradient.first, c, -weight * pi.probability(c) * (pi.log(c) + sum));
    return sum;
}

double Categorical::cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) {
    const LogSoftmax target(p.first);
    const LogSoftmax pi(q.first);
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        sum -= target.probability(c) * pi.log(c);
        add_to(of_q.first, c, weight * (pi.probability(c) - target.probability(c)));
    }
    return sum;
}

double Categorical::divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) {
    const LogSoftmax target(p.first);
    const LogSoftmax pi(q.first);
    double sum = 0.0;
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        sum += target.probability(c) * (target.log(c) - pi.log(c));
        add_to(of_q.first, c, weight * (pi.probability(c) - target.probability(c)));
    }
    for (std::size_t c = 0; c < of_p.first.size(); ++c)
        add_to(of_p.first, c, weight * target.probability(c) * (target.log(c) - pi.log(c) - sum));
    return sum;
}

double Categorical::log_density(FamilyRow q, std::span<const float> z) const {
    const auto n = static_cast<double>(z.size());
    const double t = relaxation_;
    double sum = log_gamma(n) + (n - 1.0) * std::log(t);
    for (std::size_t c = 0; c < z.size(); ++c)
        sum += static_cast<double>(q.first[c]) - (t + 1.0) * log_entry(z[c]);
    return sum - n * log_sum_exp(z.size(),
                                 [&](std::size_t c) { return static_cast<double>(q.first[c]) - t * log_entry(z[c]); });
}

void Categorical::log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                                       FamilyGradient gradient) const {
    const auto n = static_cast<double>(z.size());
    const auto term = [&](std::size_t c) { return static_cast<double>(q.first[c]) - relaxation_ * log_entry(z[c]); };
    const double log_sum = log_sum_exp(z.size(), term);
    for (std::size_t c = 0; c < z.size(); ++c)
        add_to(gradient.first, c, weight * (1.0 - n * std::exp(term(c) - log_sum)));
}

void Categorical::sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const {
    sdk::fill_uniform(random, z);
    for (std::size_t c = 0; c < z.size(); ++c) {
        const double gumbel = -std::log(-std::log(static_cast<double>(z[c]) + 0x1p-25)); // from within (0, 1)
        z[c] = static_cast<float>((static_cast<double>(q.first[c]) + gumbel) / relaxation_);
    }
    softmax_in_place(z, kept);
    kept[z.size()] = static_cast<float>(relaxation_);
}

void Categorical::sample_gradient(FamilyRow, std::span<const float> kept, std::span<const float> gradient,
                                  FamilyGradient result) const {
    const double mean = mean_under(kept, gradient);
    const auto t = static_cast<double>(kept[gradient.size()]);
    for (std::size_t c = 0; c < gradient.size(); ++c)
        add_to(result.first, c, static_cast<double>(kept[c]) * (static_cast<double>(gradient[c]) - mean) / t);
}

} // namespace retort::plugin_support
