// SPDX-License-Identifier: Apache-2.0
// Samples of all families: moments, and gradients against finite differences with the noise held.
#include "cases.hpp"

#include <algorithm>
#include <plugins/shared/families/categorical.hpp>
#include <plugins/shared/families/gamma.hpp>
#include <plugins/shared/families/log_softmax.hpp>
#include <support/numeric.hpp>

BOOST_AUTO_TEST_SUITE(test_samples)

using namespace retort;
using namespace retort::test;

namespace {

constexpr std::size_t draws = 40000;

/// Calls `look(z)` for every draw.
template <class Look> void draw_from(const Family &family, const Parameters &q, Look &&look) {
    std::vector<float> z(q.first.size());
    std::vector<float> kept(family.kept(z.size()));
    for (std::size_t draw = 0; draw < draws; ++draw) {
        family.sample(q.row(), sdk::Random{11}.at(draw), z, kept);
        look(z);
    }
}

/// Mean and variance of `value(z, c)` for every column against the expected ones, within four standard errors.
template <class Value>
void check_moments(const Family &family, const Parameters &q, Value &&value, const std::vector<double> &means,
                   const std::vector<double> &variances) {
    std::vector<Estimate> mean(means.size()), variance(means.size());
    draw_from(family, q, [&](const std::vector<float> &z) {
        for (std::size_t c = 0; c < means.size(); ++c) {
            const double x = value(z, c);
            mean[c].add(x);
            variance[c].add((x - means[c]) * (x - means[c]));
        }
    });
    for (std::size_t c = 0; c < means.size(); ++c) {
        mean[c].check(means[c], 4.0);
        variance[c].check(variances[c], 4.0);
    }
}

double entry_of(const std::vector<float> &z, std::size_t c) {
    return static_cast<double>(z[c]);
}

double number(float value) {
    return static_cast<double>(value);
}

} // namespace

BOOST_AUTO_TEST_CASE(real_ones_have_their_moments) {
    for (const char *name : {"diagonal_gaussian", "laplace"})
        for_cases(
            [&](Family &family, const Case &entry) {
                std::vector<double> means, variances;
                for (std::size_t c = 0; c < entry.p.first.size(); ++c) {
                    means.push_back(number(entry.p.first[c]));
                    const double square = number(entry.p.second[c]) * number(entry.p.second[c]);
                    variances.push_back(family.name() == "laplace" ? 2.0 * square : square);
                }
                check_moments(family, entry.p, entry_of, means, variances);
            },
            name);
}

BOOST_AUTO_TEST_CASE(dirichlet_ones_have_their_moments) {
    for_cases(
        [](Family &family, const Case &entry) {
            double all = 0.0;
            for (const float alpha : entry.p.first)
                all += number(alpha);
            std::vector<double> means, variances;
            for (const float alpha : entry.p.first) {
                means.push_back(number(alpha) / all);
                variances.push_back(means.back() * (1.0 - means.back()) / (all + 1.0));
            }
            check_moments(family, entry.p, entry_of, means, variances);
        },
        "dirichlet");
}

// Of concentrations near 0 a sample is a corner, each with the probability alpha_c / sum alpha.
BOOST_AUTO_TEST_CASE(dirichlet_ones_of_tiny_concentrations_are_corners) {
    const Parameters q{{1e-3F, 3e-3F, 1e-3F}};
    const auto family = plugin_support::make_family("dirichlet");
    std::vector<Estimate> corner(3);
    std::size_t inside = 0;
    draw_from(*family, q, [&](const std::vector<float> &z) {
        for (std::size_t c = 0; c < 3; ++c) {
            BOOST_REQUIRE(std::isfinite(z[c]));
            corner[c].add(z[c] > 0.5F ? 1.0 : 0.0);
        }
        inside += *std::ranges::max_element(z) < 0.99F ? 1 : 0;
    });
    corner[0].check(0.2, 4.0);
    corner[1].check(0.6, 4.0);
    BOOST_TEST(inside < draws / 50);
}

BOOST_AUTO_TEST_CASE(logistic_normal_ones_have_normal_log_ratios) {
    for_cases(
        [](Family &family, const Case &entry) {
            const std::size_t last = entry.p.first.size() - 1;
            std::vector<double> means, variances;
            for (std::size_t c = 0; c < last; ++c) {
                means.push_back(number(entry.p.first[c]) - number(entry.p.first[last]));
                variances.push_back(std::pow(number(entry.p.second[c]), 2) + std::pow(number(entry.p.second[last]), 2));
            }
            const auto ratio = [last](const std::vector<float> &z, std::size_t c) {
                return std::log(number(z[c]) / number(z[last]));
            };
            check_moments(family, entry.p, ratio, means, variances);
        },
        "logistic_normal");
}

// The largest entry is that of a class drawn with the probabilities, whatever the temperature (Gumbel and max); as it
// falls, samples become corners.
BOOST_AUTO_TEST_CASE(relaxed_ones_have_the_probabilities_of_the_classes) {
    for (const double temperature : {0.1, 0.5, 2.0})
        for_cases(
            [&](Family &family, const Case &entry) {
                dynamic_cast<plugin_support::Categorical &>(family).set_relaxation(temperature);
                std::vector<Estimate> largest(entry.p.first.size());
                Estimate height;
                draw_from(family, entry.p, [&](const std::vector<float> &z) {
                    const auto at = static_cast<std::size_t>(std::ranges::max_element(z) - z.begin());
                    height.add(number(z[at]));
                    for (std::size_t c = 0; c < z.size(); ++c)
                        largest[c].add(c == at ? 1.0 : 0.0);
                });
                const plugin_support::LogSoftmax pi(entry.p.first);
                for (std::size_t c = 0; c < largest.size(); ++c)
                    BOOST_TEST(std::abs(largest[c].mean() - pi.probability(c)) <=
                               4.0 * std::sqrt(pi.probability(c) / draws));
                if (temperature == 0.1)
                    BOOST_TEST(height.mean() > 0.93);
            },
            "categorical");
}

// The share of relaxed samples with a small first entry is the integral of the density up to there.
BOOST_AUTO_TEST_CASE(relaxed_ones_are_distributed_as_their_density_says) {
    const Parameters q{{0.3F, -0.4F}};
    for (const double temperature : {0.3, 1.0, 2.0}) {
        plugin_support::Categorical family;
        family.set_relaxation(temperature);
        double below = 0.0;
        for (int i = 0; i < 40000; ++i) {
            const double v = -40.0 + 1e-3 * (i + 0.5); // log-ratio, up to 0: an entry of 1/2
            const double z = std::exp(v) / (1.0 + std::exp(v));
            const std::vector<float> place{static_cast<float>(z), static_cast<float>(1.0 - z)};
            below += 1e-3 * z * (1.0 - z) * std::exp(family.log_density(q.row(), place));
        }
        Estimate share;
        draw_from(family, q, [&](const std::vector<float> &z) { share.add(z[0] < 0.5F ? 1.0 : 0.0); });
        share.check(below, 3.5);
    }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for_cases([](Family &family, const Case &entry) {
        Parameters q = entry.p;
        const std::size_t width = q.first.size();
        std::vector<float> z(width), kept(family.kept(width)), weights(width);
        sdk::fill_normal(sdk::Random{12}, weights);
        for (std::uint64_t draw = 0; draw < 8; ++draw) {
            const auto value = [&] {
                family.sample(q.row(), sdk::Random{13}.at(draw), z, kept);
                double sum = 0.0;
                for (std::size_t c = 0; c < width; ++c)
                    sum += number(weights[c]) * number(z[c]);
                return sum;
            };
            (void)value();
            Parameters slopes = q.zeros();
            family.sample_gradient(q.row(), kept, weights, slopes.gradient());
            for (const auto &[values, found] : {std::pair{&q.first, &slopes.first}, {&q.second, &slopes.second}})
                for (std::size_t i = 0; i < values->size(); ++i) {
                    const double expected =
                        finite_difference(value, (*values)[i], 1e-2F * std::max(0.1F, std::abs((*values)[i])));
                    BOOST_TEST(std::abs(number((*found)[i]) - expected) <= 2e-3 * std::max(0.2, std::abs(expected)),
                               "draw " << draw << ", entry " << i << ": " << (*found)[i] << ", finite difference "
                                       << expected);
                }
        }
    });
}

BOOST_AUTO_TEST_CASE(noise_follows_from_the_stream_alone) {
    for_cases([](Family &family, const Case &entry) {
        const std::size_t width = entry.p.first.size();
        std::vector<float> one(width), two(width), other(width), kept(family.kept(width));
        family.sample(entry.p.row(), sdk::Random{1}, one, kept);
        family.sample(entry.p.row(), sdk::Random{2}, other, kept);
        family.sample(entry.p.row(), sdk::Random{1}, two, kept);
        BOOST_TEST(one == two, boost::test_tools::per_element());
        BOOST_TEST((one != other));
    });
}

BOOST_AUTO_TEST_SUITE_END()
