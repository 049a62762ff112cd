// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

BOOST_FIXTURE_TEST_SUITE(test_wasserstein, retort::test::Games, *boost::unit_test::tolerance(1e-7))

using namespace retort;

BOOST_AUTO_TEST_CASE(losses_are_differences_of_mean_scores) {
    const auto game = make("wasserstein");
    for (const float a : {-80.0F, -0.5F, 0.0F, 3.0F}) {
        BOOST_TEST(test::discriminator_loss(*game, a, 0.5F).value == 0.5 - static_cast<double>(a));
        BOOST_TEST(test::student_loss(*game, a).value == -static_cast<double>(a));
    }
    BOOST_TEST((game->score() == sdk::Objective::Score::raw));
    BOOST_TEST(game->equilibrium() == 0.0);
    BOOST_TEST((game->least_loss() == -std::numeric_limits<double>::infinity()));
    BOOST_TEST(!game->compares_scores());
}

BOOST_AUTO_TEST_CASE(without_weight_there_is_no_penalty) {
    const objectives::Wasserstein plain({0.0}, {surroundings.context()});
    BOOST_TEST((plain.penalty_at() == sdk::Objective::Penalty::none));
}

BOOST_AUTO_TEST_SUITE_END()
