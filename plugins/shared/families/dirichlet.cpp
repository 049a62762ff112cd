// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <plugins/shared/families/dirichlet.hpp>
#include <plugins/shared/families/gamma.hpp>
#include <plugins/shared/families/simplex.hpp>

namespace retort::plugin_support {

namespace {

double total(std::span<const float> alpha) {
    double sum = 0.0;
    for (const float value : alpha)
        sum += static_cast<double>(value);
    return sum;
}

/// The logarithm of what z^(alpha - 1) integrates to.
double log_normaliser(std::span<const float> alpha) {
    double sum = -log_gamma(total(alpha));
    for (const float value : alpha)
        sum += log_gamma(static_cast<double>(value));
    return sum;
}

} // namespace

double Dirichlet::entropy(FamilyRow q, double weight, FamilyGradient gradient) {
    const double all = total(q.first);
    const double digamma_all = digamma(all);
    const double shared = (all - static_cast<double>(q.first.size())) * (gradient.first.empty() ? 0.0 : trigamma(all));
    double sum = log_normaliser(q.first);
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto alpha = static_cast<double>(q.first[c]);
        sum -= (alpha - 1.0) * (digamma(alpha) - digamma_all);
        if (!gradient.first.empty())
            add_to(gradient.first, c, weight * (shared - (alpha - 1.0) * trigamma(alpha)));
    }
    return sum;
}

double Dirichlet::cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) {
    const double digamma_p = digamma(total(p.first));
    const double digamma_q = digamma(total(q.first));
    double sum = log_normaliser(q.first);
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto alpha = static_cast<double>(q.first[c]);
        const double mean_log = digamma(static_cast<double>(p.first[c])) - digamma_p;
        sum -= (alpha - 1.0) * mean_log;
        add_to(of_q.first, c, weight * (digamma(alpha) - digamma_q - mean_log));
    }
    return sum;
}

double Dirichlet::divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) {
    const double all = total(p.first);
    const double digamma_p = digamma(all);
    const double digamma_q = digamma(total(q.first));
    const double shared = (all - total(q.first)) * (of_p.first.empty() ? 0.0 : trigamma(all));
    double sum = log_normaliser(q.first) - log_normaliser(p.first);
    for (std::size_t c = 0; c < q.first.size(); ++c) {
        const auto alpha = static_cast<double>(p.first[c]);
        const double difference = alpha - static_cast<double>(q.first[c]);
        const double mean_log = digamma(alpha) - digamma_p;
        sum += difference * mean_log;
        add_to(of_q.first, c, weight * (digamma(static_cast<double>(q.first[c])) - digamma_q - mean_log));
        if (!of_p.first.empty())
            add_to(of_p.first, c, weight * (difference * trigamma(alpha) - shared));
    }
    return sum;
}

double Dirichlet::log_density(FamilyRow q, std::span<const float> z) const {
    double sum = -log_normaliser(q.first);
    for (std::size_t c = 0; c < z.size(); ++c)
        sum += (static_cast<double>(q.first[c]) - 1.0) * log_entry(z[c]);
    return sum;
}

void Dirichlet::log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                                     FamilyGradient gradient) const {
    const double digamma_all = digamma(total(q.first));
    for (std::size_t c = 0; c < z.size(); ++c)
        add_to(gradient.first, c, weight * (digamma_all - digamma(static_cast<double>(q.first[c])) + log_entry(z[c])));
}

void Dirichlet::sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const {
    const std::span<float> slopes = kept.subspan(z.size());
    sdk::fill_normal(random, z);
    for (std::size_t c = 0; c < z.size(); ++c) {
        const LogGammaNumber x = gamma_number(static_cast<double>(q.first[c]), static_cast<double>(z[c]));
        z[c] = static_cast<float>(x.log);
        slopes[c] = static_cast<float>(x.slope);
    }
    softmax_in_place(z, kept);
}

void Dirichlet::sample_gradient(FamilyRow, std::span<const float> kept, std::span<const float> gradient,
                                FamilyGradient result) const {
    const std::size_t width = gradient.size();
    const double mean = mean_under(kept, gradient);
    for (std::size_t c = 0; c < width; ++c)
        add_to(result.first, c,
               static_cast<double>(kept[c]) * (static_cast<double>(gradient[c]) - mean) *
                   static_cast<double>(kept[width + c]));
}

} // namespace retort::plugin_support
