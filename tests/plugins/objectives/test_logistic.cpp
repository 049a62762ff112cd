// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/objectives/logistic.hpp>

namespace test_logistic {

using namespace retort;

double probability(double a) {
    return 1.0 / (1.0 + std::exp(-a));
}

} // namespace test_logistic

BOOST_FIXTURE_TEST_SUITE(test_logistic, test::Games, *boost::unit_test::tolerance(1e-7))

BOOST_AUTO_TEST_CASE(losses_match_their_formulas) {
    for (const float a : {-3.0F, -0.5F, 0.0F, 1.25F, 4.0F}) {
        const double p = probability(static_cast<double>(a));
        const double q = probability(0.75);
        for (const std::string_view name : {"expected_probability", "minimax", "non_saturating"})
            BOOST_TEST(test::discriminator_loss(*make(name), 0.75F, a).value == -std::log(q) - std::log(1.0 - p));
        BOOST_TEST(test::student_loss(*make("expected_probability"), a).value == -p);
        BOOST_TEST(test::student_loss(*make("minimax"), a).value == std::log(1.0 - p));
        BOOST_TEST(test::student_loss(*make("non_saturating"), a).value == -std::log(p));
    }
}

BOOST_AUTO_TEST_CASE(scores_are_logits_with_equilibrium_one_half) {
    for (const std::string_view name : {"expected_probability", "minimax", "non_saturating"}) {
        BOOST_TEST((make(name)->score() == sdk::Objective::Score::logit));
        BOOST_TEST(make(name)->equilibrium() == 0.5);
        BOOST_TEST(make(name)->least_loss() == 0.0);
    }
}

BOOST_AUTO_TEST_CASE(smoothed_target_pulls_the_teachers_score_to_it) {
    const sdk::ObjectiveContext context{surroundings.context()};
    objectives::Minimax smoothed({0.9}, context);
    for (const float a : {-2.0F, 0.5F, 3.0F}) {
        const double p = probability(static_cast<double>(a));
        const double expected = -0.9 * std::log(p) - 0.1 * std::log(1.0 - p) + std::log(2.0);
        BOOST_TEST(test::discriminator_loss(smoothed, a, 0.0F).value == expected);
    }
    const auto target = static_cast<float>(std::log(0.9 / 0.1));
    BOOST_TEST(std::abs(test::discriminator_loss(smoothed, target, 0.0F).teacher_slope) <= 1e-7F);
    BOOST_TEST(smoothed.equilibrium() == 0.45);
    BOOST_TEST(std::abs(test::discriminator_loss(smoothed, target, -40.0F).value - smoothed.least_loss()) < 1e-7);
    const auto middle = static_cast<float>(std::log(0.45 / 0.55));
    const test::DiscriminatorLoss at = test::discriminator_loss(smoothed, middle, middle);
    BOOST_TEST(std::abs(at.teacher_slope + at.student_slope) <= 1e-6F);
}

BOOST_AUTO_TEST_CASE(extreme_scores_have_their_limits) {
    const auto expected_probability = make("expected_probability");
    const auto non_saturating = make("non_saturating");
    const auto minimax = make("minimax");
    for (const float a : {80.0F, 1000.0F}) {
        const double far = static_cast<double>(a);
        BOOST_TEST(test::discriminator_loss(*minimax, -a, a).value == 2.0 * far);
        BOOST_TEST(test::discriminator_loss(*minimax, -a, a).teacher_slope == -1.0F);
        BOOST_TEST(test::discriminator_loss(*minimax, -a, a).student_slope == 1.0F);
        BOOST_TEST(test::discriminator_loss(*minimax, a, -a).value <= 1e-30);
        BOOST_TEST(test::student_loss(*non_saturating, -a).value == far);
        BOOST_TEST(test::student_loss(*non_saturating, -a).slope == -1.0F);
        BOOST_TEST(test::student_loss(*minimax, a).value == -far);
        BOOST_TEST(test::student_loss(*minimax, a).slope == -1.0F);
        BOOST_TEST(test::student_loss(*expected_probability, a).value == -1.0);
    }
    // Where D is certain the slope is tiny, not lost.
    BOOST_TEST(test::student_loss(*expected_probability, -80.0F).slope == -static_cast<float>(std::exp(-80.0)));
    BOOST_TEST(test::student_loss(*non_saturating, 80.0F).slope == -static_cast<float>(std::exp(-80.0)));
}

BOOST_AUTO_TEST_SUITE_END()
