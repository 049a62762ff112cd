// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <plugins/shared/families/logistic_normal.hpp>
#include <plugins/shared/families/simplex.hpp>

namespace retort::plugin_support {

namespace {

constexpr double log_two_pi = 1.83787706640934548356;

double square(double x) {
    return x * x;
}

double number(std::span<const float> row, std::size_t c) {
    return static_cast<double>(row[c]);
}

double precision(std::span<const float> deviation, std::size_t c) {
    return 1.0 / square(number(deviation, c));
}

/// W, and sum w v / W for a vector v, given by its entries.
struct Weighted {
    template <class Vector> Weighted(std::span<const float> deviation, Vector &&vector) {
        double sum = 0.0;
        for (std::size_t c = 0; c < deviation.size(); ++c) {
            total += precision(deviation, c);
            sum += precision(deviation, c) * vector(c);
        }
        mean = sum / total;
    }

    double total = 0.0;
    double mean = 0.0;
};

/// sum log s + log(W) / 2: half the logarithm of the covariance's determinant.
double half_log_determinant(std::span<const float> deviation) {
    double sum = 0.0;
    double total = 0.0;
    for (std::size_t c = 0; c < deviation.size(); ++c) {
        sum += std::log(number(deviation, c));
        total += precision(deviation, c);
    }
    return sum + 0.5 * std::log(total);
}

} // namespace

double LogisticNormal::entropy(FamilyRow q, double weight, FamilyGradient gradient) {
    const std::size_t width = q.first.size();
    const auto n = static_cast<double>(width);
    const bool wanted = !gradient.first.empty() || !gradient.second.empty();
    double sum = 0.5 * (n - 1.0) * (log_two_pi + 1.0) + half_log_determinant(q.second) -
                 n * log_sum_.evaluate(q.first, q.second, wanted);
    const double total = Weighted(q.second, [](std::size_t) { return 0.0; }).total;
    for (std::size_t c = 0; c < width; ++c) {
        sum += number(q.first, c);
        if (!wanted)
            continue;
        const double s = number(q.second, c);
        add_to(gradient.first, c, weight * (1.0 - n * log_sum_.mean_gradient()[c]));
        add_to(gradient.second, c,
               weight * (1.0 / s - 1.0 / (s * s * s * total) - n * log_sum_.deviation_gradient()[c]));
    }
    return sum;
}

double LogisticNormal::cross_entropy(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_q) {
    return divergence(p, q, weight, {}, of_q) + entropy(p, 0.0, {});
}

double LogisticNormal::divergence(FamilyRow p, FamilyRow q, double weight, FamilyGradient of_p, FamilyGradient of_q) {
    const std::size_t width = q.first.size();
    const auto difference = [&](std::size_t c) { return number(p.first, c) - number(q.first, c); };
    const Weighted centre(q.second, difference);
    const double total_p = Weighted(p.second, difference).total;
    double traces = 0.0;
    double reduction = 0.0; // sum w_q^2 s_p^2
    double distance = 0.0;
    for (std::size_t c = 0; c < width; ++c) {
        const double w = precision(q.second, c);
        traces += w * square(number(p.second, c));
        reduction += square(w * number(p.second, c));
        distance += w * square(difference(c) - centre.mean);
    }
    for (std::size_t c = 0; c < width; ++c) {
        const double w = precision(q.second, c);
        const double s = number(p.second, c);
        const double away = difference(c) - centre.mean;
        const double of_precision = 1.0 / centre.total - 1.0 / w + square(s) * (1.0 - 2.0 * w / centre.total) +
                                    reduction / square(centre.total) + square(away);
        add_to(of_p.first, c, weight * w * away);
        add_to(of_q.first, c, -weight * w * away);
        add_to(of_p.second, c, weight * (s * w * (1.0 - w / centre.total) - 1.0 / s + 1.0 / (s * s * s * total_p)));
        add_to(of_q.second, c, -weight * of_precision * w / number(q.second, c));
    }
    return half_log_determinant(q.second) - half_log_determinant(p.second) +
           0.5 * (traces - reduction / centre.total + distance - static_cast<double>(width) + 1.0);
}

double LogisticNormal::log_density(FamilyRow q, std::span<const float> z) const {
    const auto residual = [&](std::size_t c) { return log_entry(z[c]) - number(q.first, c); };
    const Weighted centre(q.second, residual);
    double sum = -0.5 * (static_cast<double>(z.size()) - 1.0) * log_two_pi - half_log_determinant(q.second);
    for (std::size_t c = 0; c < z.size(); ++c)
        sum -= 0.5 * precision(q.second, c) * square(residual(c) - centre.mean) + log_entry(z[c]);
    return sum;
}

void LogisticNormal::log_density_gradient(FamilyRow q, std::span<const float> z, double weight,
                                          FamilyGradient gradient) const {
    const auto residual = [&](std::size_t c) { return log_entry(z[c]) - number(q.first, c); };
    const Weighted centre(q.second, residual);
    for (std::size_t c = 0; c < z.size(); ++c) {
        const double w = precision(q.second, c);
        const double away = residual(c) - centre.mean;
        add_to(gradient.first, c, weight * w * away);
        add_to(gradient.second, c, weight * (w / centre.total + w * square(away) - 1.0) / number(q.second, c));
    }
}

void LogisticNormal::sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const {
    const std::span<float> noise = kept.subspan(z.size());
    sdk::fill_normal(random, noise);
    for (std::size_t c = 0; c < z.size(); ++c)
        z[c] = q.first[c] + q.second[c] * noise[c];
    softmax_in_place(z, kept);
}

void LogisticNormal::sample_gradient(FamilyRow, std::span<const float> kept, std::span<const float> gradient,
                                     FamilyGradient result) const {
    const std::size_t width = gradient.size();
    const double mean = mean_under(kept, gradient);
    for (std::size_t c = 0; c < width; ++c) {
        const double of_y = static_cast<double>(kept[c]) * (static_cast<double>(gradient[c]) - mean);
        add_to(result.first, c, of_y);
        add_to(result.second, c, of_y * static_cast<double>(kept[width + c]));
    }
}

} // namespace retort::plugin_support
