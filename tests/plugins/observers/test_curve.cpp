// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/observers/figures/curve.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_curve)

using namespace retort::observer_figures;

BOOST_AUTO_TEST_CASE(a_moving_average_reaches_as_far_as_both_sides_go) {
    const std::vector<double> values{1.0, 2.0, 6.0, 7.0, 9.0};
    const std::vector<double> expected{1.0, 3.0, 5.0, 22.0 / 3.0, 9.0};
    const std::vector<double> smooth = moving_average(values, 1);
    for (std::size_t i = 0; i < values.size(); ++i)
        BOOST_TEST(smooth[i] == expected[i], boost::test_tools::tolerance(1e-12));
    const std::vector<double> with_gap{1.0, std::nan(""), 3.0};
    BOOST_TEST(moving_average(with_gap, 1)[1] == 2.0);
    BOOST_TEST(std::isnan(moving_average(with_gap, 0)[1]));
}

BOOST_AUTO_TEST_CASE(a_long_curve_becomes_short_and_keeps_its_extremes) {
    std::vector<double> x;
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i) {
        x.push_back(i + 1.0);
        values.push_back(i == 500 ? 7.0 : 0.5);
    }
    const std::vector<CurvePoint> curve = shorten(x, values, 100);
    BOOST_TEST_REQUIRE(curve.size() == 100U);
    BOOST_TEST(curve[50].high == 7.0);
    BOOST_TEST(curve[50].low == 0.5);
    BOOST_TEST(curve[49].high == 7.0); // the run beside it
    BOOST_TEST(curve[48].high == 0.5);
    BOOST_TEST(shorten({}, {}, 100).empty());
}

BOOST_AUTO_TEST_CASE(a_short_curve_keeps_each_point) {
    const std::vector<double> x{1.0, 2.0, 3.0};
    const std::vector<double> values{0.5, std::nan(""), 0.25};
    const std::vector<CurvePoint> curve = shorten(x, values, 100);
    BOOST_TEST_REQUIRE(curve.size() == 3U);
    BOOST_TEST(curve[0].x == 1.0);
    BOOST_TEST(curve[0].smooth == 0.5);
    BOOST_TEST(curve[1].low == 0.25); // of the points beside the one that is missing
    BOOST_TEST(curve[1].high == 0.5);
    BOOST_TEST(std::isnan(curve[1].smooth));
}

BOOST_AUTO_TEST_CASE(a_curve_never_has_more_points_than_asked_for) {
    for (const std::size_t size : {99U, 100U, 101U, 150U, 199U, 12345U}) {
        const std::vector<double> values(size, 1.0);
        const std::vector<CurvePoint> curve = shorten(values, values, 100);
        BOOST_TEST(curve.size() <= 100U, size << " values");
        BOOST_TEST(curve.size() >= std::min<std::size_t>(size, 50), size << " values");
    }
}

BOOST_AUTO_TEST_SUITE_END()
