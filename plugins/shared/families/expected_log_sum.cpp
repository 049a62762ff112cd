// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <plugins/shared/families/expected_log_sum.hpp>

namespace retort::plugin_support {

namespace {

constexpr double finest = 0.75;                           ///< step of both rules, in units of a Gumbel number
constexpr double reach = 5.4;                             ///< of a normal number
constexpr double gumbel_below = 3.2, gumbel_above = 16.0; ///< where nearly all of a Gumbel number lies
constexpr std::size_t most_nodes = 128;
constexpr std::size_t most_places = 512;

/// Where the outer integral is taken.
struct Line {
    Line(std::span<const float> mean, std::span<const float> deviation) {
        for (std::size_t i = 0; i < mean.size(); ++i) {
            const auto m = static_cast<double>(mean[i]);
            const double far = reach * static_cast<double>(deviation[i]);
            centre = std::max(centre, m);
            low = std::max(low, m - far);
            high = std::max(high, m + far);
        }
        low -= gumbel_below;
        high += gumbel_above + std::log(static_cast<double>(mean.size()));
    }

    [[nodiscard]] bool finite() const { return std::isfinite(high - low); }

    double centre = -std::numeric_limits<double>::infinity();
    double low = centre;
    double high = centre;
};

std::size_t count_for(double length, double step, std::size_t most) {
    return static_cast<std::size_t>(std::clamp(std::ceil(length / step), 1.0, static_cast<double>(most - 1))) + 1;
}

} // namespace

double ExpectedLogSum::evaluate(std::span<const float> mean, std::span<const float> deviation, bool gradients) {
    const Line line(mean, deviation);
    mean_gradient_.assign(mean.size(), 0.0);
    deviation_gradient_.assign(mean.size(), 0.0);
    if (!line.finite())
        return std::numeric_limits<double>::quiet_NaN();
    place_nodes(mean, deviation, line.centre);
    const std::size_t places = count_for(line.high - line.low, finest, most_places);
    const double step = (line.high - line.low) / static_cast<double>(places - 1);
    double result = line.centre;
    for (std::size_t j = 0; j < places; ++j) {
        const double exponential = std::exp(line.centre - line.low - step * static_cast<double>(j));
        result += step * (std::exp(-exponential) - product_at(exponential, step, gradients));
    }
    return result;
}

void ExpectedLogSum::place_nodes(std::span<const float> mean, std::span<const float> deviation, double centre) {
    nodes_.resize(mean.size() * most_nodes);
    counts_.resize(mean.size());
    values_.resize(mean.size());
    before_.resize(mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) {
        const auto sigma = static_cast<double>(deviation[i]);
        counts_[i] = count_for(2.0 * reach, finest / std::max(1.0, sigma), most_nodes);
        const std::span<Node> nodes = std::span(nodes_).subspan(i * most_nodes, counts_[i]);
        double total = 0.0;
        for (std::size_t k = 0; k < nodes.size(); ++k) {
            const double e = reach * (2.0 * static_cast<double>(k) / static_cast<double>(nodes.size() - 1) - 1.0);
            nodes[k] = {std::exp(static_cast<double>(mean[i]) - centre + sigma * e), std::exp(-0.5 * e * e), e};
            total += nodes[k].weight;
        }
        for (Node &node : nodes)
            node.weight /= total;
    }
}

/// F, dF / d mean and dF / d deviation where e^(c - u) is `exponential`.
ExpectedLogSum::Value ExpectedLogSum::value_at(std::size_t number, double exponential) const {
    Value result{0.0, 0.0, 0.0};
    for (const Node &node : std::span(nodes_).subspan(number * most_nodes, counts_[number])) {
        const double rate = node.exponential * exponential;
        const double here = node.weight * std::exp(-rate);
        const double slope = here == 0.0 ? 0.0 : here * rate; // the rate may be infinite there
        result.f += here;
        result.of_mean -= slope;
        result.of_deviation -= slope * node.normal;
    }
    return result;
}

double ExpectedLogSum::product_at(double exponential, double step, bool gradients) {
    double product = 1.0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        values_[i] = value_at(i, exponential);
        before_[i] = product;
        product *= values_[i].f;
    }
    double after = 1.0;
    for (std::size_t i = counts_.size(); gradients && i-- > 0;) {
        const double others = before_[i] * after;
        mean_gradient_[i] -= step * others * values_[i].of_mean;
        deviation_gradient_[i] -= step * others * values_[i].of_deviation;
        after *= values_[i].f;
    }
    return product;
}

} // namespace retort::plugin_support
