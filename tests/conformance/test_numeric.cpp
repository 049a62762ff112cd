// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/conformance/numeric.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

BOOST_AUTO_TEST_SUITE(test_numeric)

using namespace retort::sdk::conformance;

namespace {

/// A function of a place, computed in float32, and its slope.
Comparison compared(float (*function)(float), float place, double slope) {
    return compare(
        [&](double by) {
            const auto value = static_cast<double>(function(place + static_cast<float>(by)));
            return Sum{value, std::abs(value)};
        },
        slope, 0.5);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_right_slope_agrees_and_one_that_is_off_by_a_tenth_does_not) {
    for (const float place : {-2.0F, -0.3F, 0.5F, 1.7F}) {
        const double slope = 1.0 - std::pow(std::tanh(static_cast<double>(place)), 2.0);
        const auto function = [](float x) { return std::tanh(x); };
        BOOST_TEST(compared(function, place, slope).agrees);
        BOOST_TEST(!compared(function, place, 1.1 * slope).agrees);
        BOOST_TEST(compared(function, place, 1.1 * slope).resolved);
        BOOST_TEST(!compared(function, place, -slope).agrees);
        BOOST_TEST(!compared(function, place, std::numeric_limits<double>::quiet_NaN()).agrees);
    }
}

BOOST_AUTO_TEST_CASE(at_a_kink_the_slope_of_either_side_agrees) {
    const auto relu = [](float x) { return x > 0.0F ? x : 0.0F; };
    BOOST_TEST(compared(relu, 0.0F, 0.0).agrees);
    BOOST_TEST(compared(relu, 0.0F, 1.0).agrees);
    BOOST_TEST(compared(relu, 0.01F, 1.0).agrees);
    BOOST_TEST(!compared(relu, 0.01F, 0.0).agrees);
    BOOST_TEST(compared(relu, -0.01F, 0.0).agrees);
    BOOST_TEST(!compared(relu, -0.01F, 1.0).agrees);
}

BOOST_AUTO_TEST_CASE(what_float32_cannot_resolve_is_not_said_to_be_resolved) {
    const auto lost = [](float x) { return 1e6F + 1e-4F * x; };
    BOOST_TEST(!compared(lost, 0.3F, 1e-4).resolved);
}

BOOST_AUTO_TEST_CASE(distances) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double a[] = {1.0, 10.0};
    const double b[] = {1.001, 10.0};
    const double c[] = {1.0, nan};
    BOOST_TEST(distance(a, a) == 0.0);
    BOOST_TEST(distance(a, b) == 1e-4, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(std::isinf(distance(a, c)));
    BOOST_TEST(distance(c, c) == 0.0);
    BOOST_TEST(same(c, c));
    BOOST_TEST(!same(a, b));
}

BOOST_AUTO_TEST_SUITE_END()
