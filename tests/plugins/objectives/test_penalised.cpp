// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/objectives/relativistic.hpp>
#include <support/listing.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_penalised {

using namespace retort;
using Penalty = sdk::Objective::Penalty;

const std::vector<float> norms{0.25F, 1.0F, 4.0F, 0.01F};

/// Checks the slopes against differences of the value in each squared norm.
void check_slopes(sdk::Objective &game) {
    std::vector<float> n = norms, slopes(n.size()), unused(n.size());
    game.penalty(n, slopes, {});
    test::check_gradient([&] { return game.penalty(n, unused, {}); }, n, slopes, 2e-4F, 1e-3);
}

} // namespace test_penalised

BOOST_FIXTURE_TEST_SUITE(test_penalised, test::Games, *boost::unit_test::tolerance(1e-6))

BOOST_AUTO_TEST_CASE(r1_is_half_gamma_times_the_mean_square_at_the_teacher) {
    const sdk::ObjectiveContext context{surroundings.context()};
    objectives::Hinge hinge({3.0}, context);
    objectives::LeastSquares least_squares({3.0}, context);
    objectives::NonSaturating non_saturating({1.0, 3.0}, context);
    objectives::Minimax minimax({1.0, 3.0}, context);
    objectives::ExpectedProbability expected_probability({1.0, 3.0}, context);
    objectives::Relativistic relativistic({objectives::Against::means, 3.0}, context);
    for (sdk::Objective *game : std::initializer_list<sdk::Objective *>{
             &hinge, &least_squares, &non_saturating, &minimax, &expected_probability, &relativistic}) {
        BOOST_TEST((game->penalty_at() == Penalty::teacher));
        std::vector<float> slopes(norms.size());
        BOOST_TEST(game->penalty(norms, slopes, {}) == 1.5 * (0.25 + 1.0 + 4.0 + 0.01) / 4.0);
        check_slopes(*game);
        const std::vector<float> still(2, 0.0F);
        BOOST_TEST(game->penalty(still, std::span(slopes).first(2), {}) == 0.0);
        BOOST_TEST(slopes[0] == 0.75F);
        BOOST_TEST(game->penalty({}, {}, {}) == 0.0);
    }
}

BOOST_AUTO_TEST_CASE(without_gamma_there_is_none) {
    for (const std::string_view name : names)
        if (name != "wasserstein")
            BOOST_TEST((make(name)->penalty_at() == Penalty::none), name);
}

BOOST_AUTO_TEST_CASE(slopes_of_the_penalty_on_the_wasserstein_critic) {
    const auto game = make("wasserstein");
    BOOST_TEST((game->penalty_at() == Penalty::between));
    std::vector<float> slopes(norms.size());
    BOOST_TEST(game->penalty(norms, slopes, {}) == 10.0 * (0.25 + 0.0 + 1.0 + 0.81) / 4.0);
    check_slopes(*game);
    // A slope of zero has no direction; a tiny one has, and its step is finite.
    const std::vector<float> still{0.0F, 1e-30F};
    BOOST_TEST(game->penalty(still, std::span(slopes).first(2), {}) == 10.0);
    BOOST_TEST(slopes[0] == 0.0F);
    BOOST_TEST(std::isfinite(slopes[1]));
    BOOST_TEST(slopes[1] < 0.0F);
}

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    objectives::RawSettings raw;
    BOOST_TEST(test::Listing::of(raw) == "\nr1: real 0..1e+06 = 0");
    objectives::LogisticSettings logistic;
    BOOST_TEST(test::Listing::of(logistic) == "\nteacher_target: real 0.5..1 = 1\nr1: real 0..1e+06 = 0");
    objectives::Relativistic::Settings relativistic;
    BOOST_TEST(test::Listing::of(relativistic) == "\nagainst: choice of 2 = pairs\nr1: real 0..1e+06 = 0");
    objectives::Wasserstein::Settings wasserstein;
    BOOST_TEST(test::Listing::of(wasserstein) == "\npenalty: real 0..1e+06 = 10");
}

BOOST_AUTO_TEST_SUITE_END()
