// SPDX-License-Identifier: Apache-2.0
#include "relativistic.hpp"

#include "pointwise.hpp"

#include <cstddef>
#include <string>

namespace retort::objectives {

namespace {

double mean(std::span<const float> scores) {
    double sum = 0.0;
    for (const float score : scores)
        sum += static_cast<double>(score);
    return sum / static_cast<double>(scores.size());
}

/// Gradients with respect to each score times `scale`; either may be unwanted, and is empty then.
struct Gradients {
    std::span<float> high = {};
    std::span<float> low = {};
    double scale = 1.0;
};

void write(std::span<float> gradient, std::size_t row, double value) {
    if (!gradient.empty())
        gradient[row] = static_cast<float>(value);
}

/// E f(high - low), row by row.
double of_pairs(std::span<const float> high, std::span<const float> low, const Gradients &gradients) {
    const double weight = 1.0 / static_cast<double>(high.size());
    double sum = 0.0;
    for (std::size_t row = 0; row < high.size(); ++row) {
        const double difference = static_cast<double>(high[row]) - static_cast<double>(low[row]);
        const double slope = gradients.scale * weight * sigmoid(-difference);
        sum += softplus(-difference);
        write(gradients.high, row, -slope);
        write(gradients.low, row, slope);
    }
    return weight * sum;
}

/// Mean of f(sign * (a - level)) over the scores, and of sigmoid of the same argument: how much it wants to rise.
struct Side {
    double value = 0.0;
    double pull = 0.0;
};

Side side(std::span<const float> scores, double level, double sign) {
    Side result;
    for (const float score : scores) {
        const double short_of = sign * (level - static_cast<double>(score));
        result.value += softplus(short_of) / static_cast<double>(scores.size());
        result.pull += sigmoid(short_of) / static_cast<double>(scores.size());
    }
    return result;
}

/// Each score is drawn in the direction `sign` by its own term, and as a part of its mean by those of the other side.
void write_side(std::span<const float> scores, double level, double sign, double pull_of_others, double scale,
                std::span<float> gradient) {
    const double weight = sign * scale / static_cast<double>(scores.size());
    for (std::size_t row = 0; row < gradient.size(); ++row)
        gradient[row] =
            static_cast<float>(-weight * (sigmoid(sign * (level - static_cast<double>(scores[row]))) + pull_of_others));
}

/// E f(high - mean of low) + E f(mean of high - low).
double of_means(std::span<const float> high, std::span<const float> low, const Gradients &gradients) {
    const double mean_high = mean(high);
    const double mean_low = mean(low);
    const Side up = side(high, mean_low, 1.0);
    const Side down = side(low, mean_high, -1.0);
    write_side(high, mean_low, 1.0, down.pull, gradients.scale, gradients.high);
    write_side(low, mean_high, -1.0, up.pull, gradients.scale, gradients.low);
    return up.value + down.value;
}

double compare(Against against, std::span<const float> high, std::span<const float> low, const Gradients &gradients) {
    if (high.size() != low.size())
        throw sdk::Error(sdk::ErrorKind::plugin, std::to_string(high.size()) + " scores cannot be compared with " +
                                                     std::to_string(low.size()) + "; expected as many");
    if (high.empty())
        return 0.0;
    return against == Against::pairs ? of_pairs(high, low, gradients) : of_means(high, low, gradients);
}

} // namespace

void Relativistic::Settings::fields(sdk::Fields &fields) {
    fields("against", against,
           "What a score is compared with: pairs, the score of the other side's sample of the same example; means, the "
           "mean of the other side's scores in the batch (the relativistic average).");
    r1_field(fields, r1);
}

double Relativistic::discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                                        std::span<float> s_gradient, sdk::Progress) {
    return compare(against_, t, s, {t_gradient, s_gradient, 1.0});
}

double Relativistic::student_loss(std::span<const float> t, std::span<const float> s, float scale,
                                  std::span<float> s_gradient, sdk::Progress) {
    return compare(against_, s, t, {s_gradient, {}, static_cast<double>(scale)});
}

} // namespace retort::objectives
