// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/random.hpp>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/shared/families/gamma.hpp>

BOOST_AUTO_TEST_SUITE(test_gamma)

using namespace retort;
using namespace plugin_support;

namespace {

constexpr double shapes[] = {1e-3, 0.01, 0.2, 0.9, 1.0, 1.1, 3.0, 20.0, 99.0, 99.999, 100.0, 101.0, 1e3, 1e5, 1e8};
constexpr double normals[] = {-6.0, -4.5, -3.0, -1.0, -0.1, 0.0, 0.1, 1.0, 1.2, 1.3, 3.0, 4.5};

double below(double normal) {
    return 0.5 * std::erfc(-normal / std::sqrt(2.0));
}

} // namespace

BOOST_AUTO_TEST_CASE(logarithm_and_derivatives_are_those_of_boost) {
    for (const double x : {1e-3, 0.01, 0.5, 1.0, 1.4616321449683622, 2.0, 9.99, 10.0, 55.5, 1e4, 1e9}) {
        BOOST_TEST_CONTEXT("x = " << x) {
            BOOST_TEST(std::abs(log_gamma(x) - boost::math::lgamma(x)) <=
                       1e-13 * std::abs(boost::math::lgamma(x)) + 1e-15);
            BOOST_TEST(std::abs(digamma(x) - boost::math::digamma(x)) <=
                       1e-13 * std::abs(boost::math::digamma(x)) + 1e-14);
            BOOST_TEST(trigamma(x) == boost::math::trigamma(x), boost::test_tools::tolerance(1e-12));
        }
    }
}

// Where x is too small for a double, its leading term says what it is: log x = (log p + log Gamma(a + 1)) / a.
BOOST_AUTO_TEST_CASE(numbers_are_the_quantiles_of_boost) {
    for (const double shape : shapes)
        for (const double normal : normals)
            BOOST_TEST_CONTEXT("shape " << shape << ", normal " << normal) {
                const double found = gamma_number(shape, normal).log;
                const double small = (std::log(below(normal)) + log_gamma(shape + 1.0)) / shape;
                const double expected = small < -500.0 ? small
                                        : normal < 0.0 ? std::log(boost::math::gamma_p_inv(shape, below(normal)))
                                                       : std::log(boost::math::gamma_q_inv(shape, below(-normal)));
                BOOST_TEST(std::abs(found - expected) <= 1e-6 + 1e-9 * std::abs(expected),
                           found << ", boost " << expected);
            }
}

// Six standard deviations up, where one number in a billion lies, less is known.
BOOST_AUTO_TEST_CASE(far_up_they_are_those_of_boost_with_fewer_digits) {
    for (const double shape : shapes) {
        const double expected = std::log(boost::math::gamma_q_inv(shape, below(-6.0)));
        BOOST_TEST(std::abs(gamma_number(shape, 6.0).log - expected) <= 1e-5, "shape " << shape);
    }
}

BOOST_AUTO_TEST_CASE(slopes_are_those_of_finite_differences) {
    for (const double shape : shapes)
        for (const double normal : normals)
            BOOST_TEST_CONTEXT("shape " << shape << ", normal " << normal) {
                const double step = 1e-3 * shape;
                const double above = gamma_number(shape + step, normal).log;
                const double slope = (above - gamma_number(shape - step, normal).log) / (2.0 * step);
                BOOST_TEST(std::abs(gamma_number(shape, normal).slope - slope) <=
                           1e-4 * std::abs(slope) + 1e-6 / shape);
            }
}

BOOST_AUTO_TEST_CASE(both_ways_agree_where_they_meet) {
    for (const double normal : normals)
        BOOST_TEST_CONTEXT("normal " << normal) {
            const LogGammaNumber left = gamma_number(100.0 - 1e-9, normal);
            const LogGammaNumber right = gamma_number(100.0, normal);
            BOOST_TEST(std::abs(left.log - right.log) <= 3e-7);
            BOOST_TEST(left.slope == right.slope, boost::test_tools::tolerance(1e-4));
        }
}

// Mean and variance of a gamma distribution of scale 1 are its shape; 40,000 numbers, within three standard errors: 8
// comparisons.
BOOST_AUTO_TEST_CASE(numbers_have_the_moments_of_the_distribution) {
    for (const double shape : {0.3, 1.0, 7.0, 150.0}) {
        double sum = 0.0, squares = 0.0;
        constexpr std::uint64_t count = 20000;
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto [first, second] = sdk::Random{5}.normal_pair(i);
            for (const float normal : {first, second}) {
                const double x = std::exp(gamma_number(shape, static_cast<double>(normal)).log);
                sum += x - shape;
                squares += (x - shape) * (x - shape);
            }
        }
        constexpr double standard_errors = 3.0;
        const double n = 2.0 * count;
        const double fourth = 3.0 * shape * shape + 6.0 * shape; // central moment
        BOOST_TEST(std::abs(sum / n) <= standard_errors * std::sqrt(shape / n));
        BOOST_TEST(std::abs(squares / n - shape) <= standard_errors * std::sqrt((fourth - shape * shape) / n));
    }
}

BOOST_AUTO_TEST_CASE(nan_and_infinity_end_at_once) {
    BOOST_TEST(std::isnan(gamma_number(std::nan(""), 0.5).log));
    BOOST_TEST(!std::isfinite(gamma_number(HUGE_VAL, 0.5).log));
}

BOOST_AUTO_TEST_SUITE_END()
