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

/// Mean and variance of `value(z, c)` for each of the first columns, as many as are expected. What follows from other
/// columns is not compared again.
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
        mean[c].check(means[c]);
        variance[c].check(variances[c]);
    }
}

double entry_of(const std::vector<float> &z, std::size_t c) {
    return static_cast<double>(z[c]);
}

double number(float value) {
    return static_cast<double>(value);
}

double logistic(double x) {
    return 1.0 / (1.0 + std::exp(-x));
}

/// The mass of two or three entries per log(z_0 / (1 - z_0)), at `u`. With log(z_1 / z_2) for the second coordinate the
/// determinant is the product of all entries, as it is with one.
double mass_at(const Family &family, const Parameters &q, double u) {
    const auto at = [&](const std::vector<double> &entries) {
        double determinant = 1.0;
        std::vector<float> z;
        for (const double entry : entries) {
            determinant *= entry;
            z.push_back(static_cast<float>(entry));
        }
        return determinant * std::exp(family.log_density(q.row(), z));
    };
    if (q.first.size() == 2)
        return at({logistic(u), logistic(-u)});
    constexpr double step = 0.5;
    double sum = 0.0;
    for (double w = -30.0 + 0.5 * step; w < 30.0; w += step)
        sum += step * at({logistic(u), logistic(-u) * logistic(w), logistic(-u) * logistic(-w)});
    return sum;
}

/// The mass where log(z_0 / (1 - z_0)) is less than `bound`. Midpoints leave an error below 5e-5 there.
double mass_below(const Family &family, const Parameters &q, double bound) {
    constexpr double step = 0.05;
    double sum = 0.0;
    for (double u = bound - 0.5 * step; u > bound - 30.0; u -= step)
        sum += step * mass_at(family, q, u);
    return sum;
}

} // namespace

// 16 comparisons.
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

// 12 comparisons; the last entry is what is left.
BOOST_AUTO_TEST_CASE(dirichlet_ones_have_their_moments) {
    for_cases(
        [](Family &family, const Case &entry) {
            double all = 0.0;
            for (const float alpha : entry.p.first)
                all += number(alpha);
            std::vector<double> means, variances;
            for (std::size_t c = 0; c + 1 < entry.p.first.size(); ++c) {
                means.push_back(number(entry.p.first[c]) / all);
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
    corner[0].check(0.2);
    corner[1].check(0.6);
    BOOST_TEST(inside < draws / 50);
}

// 12 comparisons.
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

// The largest entry is that of a class drawn with the probabilities, whatever the temperature (Gumbel and max): 6
// comparisons, by the same draws at each; as it falls, samples become corners.
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
                for (std::size_t c = 0; c + 1 < largest.size(); ++c) {
                    const double p = pi.probability(c);
                    BOOST_TEST(std::abs(largest[c].mean() - p) <= standard_errors * std::sqrt(p * (1.0 - p) / draws),
                               "class " << c << ": " << largest[c].mean() << ", probability " << p);
                }
                if (temperature == 0.1)
                    BOOST_TEST(height.mean() > 0.93);
            },
            "categorical");
}

// The share of relaxed samples with a first entry below a bound is the integral of the density up to there: 10
// comparisons of two classes and 6 of three.
BOOST_AUTO_TEST_CASE(relaxed_ones_are_distributed_as_their_density_says) {
    for (const Parameters &q : {Parameters{{0.3F, -0.4F}}, Parameters{{0.3F, -0.4F, 0.9F}}})
        for (const double temperature : {0.5, 2.0})
            BOOST_TEST_CONTEXT(q << " at " << temperature) {
                plugin_support::Categorical family;
                family.set_relaxation(temperature);
                const bool two = q.first.size() == 2;
                const std::vector<double> bounds =
                    two ? std::vector{-2.0, -1.0, 0.0, 1.0, 2.0} : std::vector{-2.0, 0.0, 2.0};
                std::vector<Estimate> share(bounds.size());
                draw_from(family, q, [&](const std::vector<float> &z) {
                    for (std::size_t i = 0; i < bounds.size(); ++i)
                        share[i].add(number(z[0]) < logistic(bounds[i]) ? 1.0 : 0.0);
                });
                for (std::size_t i = 0; i < bounds.size(); ++i)
                    share[i].check(mass_below(family, q, bounds[i]));
            }
}

// The temperature itself, which samples and density could both have wrong: of two classes the log-ratio is logistic,
// around that of the probabilities, with the scale 1 / temperature.
BOOST_AUTO_TEST_CASE(the_log_ratio_of_two_relaxed_entries_is_logistic) {
    const Parameters q{{0.3F, -0.4F}};
    for (const double temperature : {0.5, 2.0}) {
        plugin_support::Categorical family;
        family.set_relaxation(temperature);
        for (const double bound : {-2.0, 0.0, 2.0})
            BOOST_TEST(std::abs(mass_below(family, q, bound) - logistic(temperature * bound - 0.7)) <= 1e-4);
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
