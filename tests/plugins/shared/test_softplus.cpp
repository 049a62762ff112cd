// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/shared/softplus.hpp>

BOOST_AUTO_TEST_SUITE(test_softplus, *boost::unit_test::tolerance(1e-9))

using namespace retort::plugin_support;

BOOST_AUTO_TEST_CASE(is_its_definition_and_does_not_overflow) {
    for (const double x : {-20.0, -1.0, 0.0, 0.5, 3.0, 20.0})
        BOOST_TEST(softplus(x) == std::log(1.0 + std::exp(x)), boost::test_tools::tolerance(1e-7));
    BOOST_TEST(softplus(1e4) == 1e4);
    BOOST_TEST(softplus(-1e4) == 0.0);
}

BOOST_AUTO_TEST_CASE(derivative_is_that_of_finite_differences) {
    for (const double x : {-1e4, -20.0, -1.0, 0.0, 0.5, 3.0, 20.0, 1e4})
        BOOST_TEST(std::abs(softplus_derivative(x) - (softplus(x + 1e-4) - softplus(x - 1e-4)) / 2e-4) <= 1e-7);
}

BOOST_AUTO_TEST_CASE(inverse_leads_back) {
    for (const double y : {1e-5, 0.01, 0.09, 1.0, 30.0, 1000.0})
        BOOST_TEST(softplus(inverse_softplus(y)) == y);
}

BOOST_AUTO_TEST_SUITE_END()
