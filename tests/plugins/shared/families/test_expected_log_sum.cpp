// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/shared/families/expected_log_sum.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_expected_log_sum)

using namespace retort;
using plugin_support::ExpectedLogSum;

namespace {

/// Of two numbers: m_1 + E log(1 + e^d) for the difference d, itself normal, by a fine rule over 20 deviations.
double of_two(const std::vector<float> &mean, const std::vector<float> &deviation) {
    const double sigma = std::hypot(static_cast<double>(deviation[0]), static_cast<double>(deviation[1]));
    const double centre = static_cast<double>(mean[1]) - static_cast<double>(mean[0]);
    constexpr int steps = 200000;
    double sum = 0.0;
    for (int k = 0; k <= steps; ++k) {
        const double e = 20.0 * (static_cast<double>(k) / steps - 0.5);
        const double d = centre + sigma * e;
        sum += std::exp(-0.5 * e * e) * (std::max(d, 0.0) + std::log1p(std::exp(-std::abs(d))));
    }
    return static_cast<double>(mean[0]) + sum * 20.0 / steps / std::sqrt(2.0 * M_PI);
}

struct Place {
    std::vector<float> mean;
    std::vector<float> deviation;
    double tolerance;
};

const Place pairs[] = {{{0.0F, 0.0F}, {1.0F, 1.0F}, 1e-5},    {{0.5F, -2.0F}, {0.3F, 0.1F}, 1e-5},
                       {{-40.0F, 60.0F}, {1.0F, 2.0F}, 1e-5}, {{3.0F, 3.1F}, {1e-3F, 1e-3F}, 1e-5},
                       {{1.0F, 0.0F}, {5.0F, 8.0F}, 1e-5},    {{1.0F, 0.0F}, {8.0F, 0.01F}, 1e-5},
                       {{0.0F, 5.0F}, {100.0F, 50.0F}, 0.1},  {{0.0F, 5.0F}, {0.5F, 100.0F}, 0.1}};

} // namespace

BOOST_AUTO_TEST_CASE(of_one_number_it_is_its_mean) {
    ExpectedLogSum expected;
    for (const float deviation : {0.01F, 0.5F, 1.0F, 8.0F})
        BOOST_TEST(std::abs(expected.evaluate(std::vector{-3.5F}, std::vector{deviation}, false) + 3.5) <= 1e-5);
}

BOOST_AUTO_TEST_CASE(of_two_numbers_it_is_an_integral_over_their_difference) {
    ExpectedLogSum expected;
    for (const Place &place : pairs)
        BOOST_TEST_CONTEXT(place.mean[0] << " and " << place.mean[1] << ", deviations " << place.deviation[0] << " and "
                                         << place.deviation[1]) {
            const double found = expected.evaluate(place.mean, place.deviation, false);
            BOOST_TEST(std::abs(found - of_two(place.mean, place.deviation)) <= place.tolerance,
                       found << " against " << of_two(place.mean, place.deviation));
        }
}

// 40,000 draws of ten and of 300 numbers, within three standard errors.
BOOST_AUTO_TEST_CASE(of_many_numbers_it_is_what_monte_carlo_tends_to) {
    for (const std::size_t count : {std::size_t{10}, std::size_t{300}}) {
        const sdk::MatrixBuffer parameters = test::normal_matrix(2, count, sdk::Random{3});
        for (float &value : parameters.view().row(1))
            value = 0.2F + std::abs(value);
        constexpr std::size_t draws = 40000;
        double sum = 0.0, squares = 0.0;
        std::vector<float> e(count);
        for (std::size_t draw = 0; draw < draws; ++draw) {
            sdk::fill_normal(sdk::Random{4}.at(draw), e);
            double total = 0.0;
            for (std::size_t i = 0; i < count; ++i)
                total +=
                    std::exp(static_cast<double>(parameters.view().row(0)[i] + parameters.view().row(1)[i] * e[i]));
            sum += std::log(total);
            squares += std::log(total) * std::log(total);
        }
        const double estimate = sum / draws;
        const double error = std::sqrt((squares / draws - estimate * estimate) / draws);
        ExpectedLogSum expected;
        const double found = expected.evaluate(parameters.view().row(0), parameters.view().row(1), false);
        BOOST_TEST(std::abs(found - estimate) <= 3.0 * error, found << " against " << estimate << " +- " << error);
    }
}

// With little spread it is log sum exp m + sum s^2 p (1 - p) / 2, p = softmax m, and what is left out is of the fourth
// power of s = 0.03.
BOOST_AUTO_TEST_CASE(of_many_numbers_with_little_spread_it_is_its_expansion) {
    for (const std::size_t count : {std::size_t{10}, std::size_t{300}}) {
        const sdk::MatrixBuffer mean = test::normal_matrix(1, count, sdk::Random{7});
        const std::vector<float> deviation(count, 0.03F);
        double sum = 0.0;
        for (const float m : mean.view().row(0))
            sum += std::exp(static_cast<double>(m));
        double expected = std::log(sum);
        for (std::size_t i = 0; i < count; ++i) {
            const double p = std::exp(static_cast<double>(mean.view().row(0)[i])) / sum;
            expected += 0.5 * static_cast<double>(deviation[i]) * static_cast<double>(deviation[i]) * p * (1.0 - p);
        }
        ExpectedLogSum quadrature;
        const double found = quadrature.evaluate(mean.view().row(0), deviation, false);
        BOOST_TEST(std::abs(found - expected) <= 1e-5, found << " against " << expected);
    }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const float scale : {0.05F, 1.0F, 4.0F}) {
        const sdk::MatrixBuffer parameters = test::normal_matrix(2, 6, sdk::Random{5});
        for (float &value : parameters.view().row(1))
            value = scale * (0.5F + std::abs(value));
        ExpectedLogSum expected;
        const auto value = [&] { return expected.evaluate(parameters.view().row(0), parameters.view().row(1), false); };
        (void)expected.evaluate(parameters.view().row(0), parameters.view().row(1), true);
        const std::vector<float> of_mean(expected.mean_gradient().begin(), expected.mean_gradient().end());
        const std::vector<float> of_deviation(expected.deviation_gradient().begin(),
                                              expected.deviation_gradient().end());
        test::check_gradient(value, parameters.view().row(0), of_mean, 2e-2F, 1e-3);
        test::check_gradient(value, parameters.view().row(1), of_deviation, 5e-3F, 1e-3);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_stays_so) {
    ExpectedLogSum expected;
    BOOST_TEST(!std::isfinite(expected.evaluate(std::vector{0.0F, NAN}, std::vector{1.0F, 1.0F}, false)));
    BOOST_TEST(!std::isfinite(expected.evaluate(std::vector{0.0F, 1.0F}, std::vector{1.0F, NAN}, false)));
    BOOST_TEST(!std::isfinite(expected.evaluate(std::vector{0.0F, INFINITY}, std::vector{1.0F, 1.0F}, false)));
}

BOOST_AUTO_TEST_SUITE_END()
