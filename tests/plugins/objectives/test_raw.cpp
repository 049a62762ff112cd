// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <plugins/objectives/raw.hpp>

BOOST_FIXTURE_TEST_SUITE(test_raw, retort::test::Games, *boost::unit_test::tolerance(1e-7))

using retort::sdk::Objective;
using retort::test::discriminator_loss;
using retort::test::student_loss;

BOOST_AUTO_TEST_CASE(least_squares_matches_its_formula) {
    const auto game = make("least_squares");
    for (const float a : {-80.0F, -0.5F, 0.0F, 1.0F, 3.0F}) {
        const double x = static_cast<double>(a);
        BOOST_TEST(discriminator_loss(*game, a, 0.5F).value == 0.5 * (x - 1.0) * (x - 1.0) + 0.125);
        BOOST_TEST(discriminator_loss(*game, 0.5F, a).value == 0.125 + 0.5 * x * x);
        BOOST_TEST(student_loss(*game, a).value == 0.5 * (x - 1.0) * (x - 1.0));
    }
    BOOST_TEST((game->score() == Objective::Score::raw));
    BOOST_TEST(game->equilibrium() == 0.5);
}

BOOST_AUTO_TEST_CASE(hinge_matches_its_formula) {
    const auto game = make("hinge");
    for (const float a : {-80.0F, -1.5F, -0.5F, 0.0F, 0.5F, 1.5F, 80.0F}) {
        const double x = static_cast<double>(a);
        BOOST_TEST(discriminator_loss(*game, a, -2.0F).value == std::max(0.0, 1.0 - x));
        BOOST_TEST(discriminator_loss(*game, 2.0F, a).value == std::max(0.0, 1.0 + x));
        BOOST_TEST(student_loss(*game, a).value == -x);
    }
    BOOST_TEST((game->score() == Objective::Score::raw));
    BOOST_TEST(game->equilibrium() == 0.0);
}

BOOST_AUTO_TEST_CASE(hinge_is_at_rest_beyond_its_margin) {
    const auto game = make("hinge");
    BOOST_TEST(discriminator_loss(*game, 1.5F, -1.5F).teacher_slope == 0.0F);
    BOOST_TEST(discriminator_loss(*game, 1.5F, -1.5F).student_slope == 0.0F);
    BOOST_TEST(student_loss(*game, 1000.0F).slope == -1.0F);
}

BOOST_AUTO_TEST_CASE(a_score_that_is_nan_is_no_loss_of_zero) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const char *name : {"hinge", "least_squares"}) {
        const auto game = make(name);
        BOOST_TEST(std::isnan(discriminator_loss(*game, nan, 0.0F).value));
        BOOST_TEST(std::isnan(discriminator_loss(*game, 0.0F, nan).value));
        BOOST_TEST(std::isnan(student_loss(*game, nan).value));
    }
}

BOOST_AUTO_TEST_SUITE_END()
