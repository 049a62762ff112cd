// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/objectives/pointwise.hpp>
#include <string_view>
#include <support/numeric.hpp>
#include <vector>

namespace test_pointwise {

using namespace retort;

/// Which way one small step moves frozen scores: 1 up, -1 down.
struct Direction {
    std::string_view game;
    int teacher; ///< the discriminator's step, a teacher's score
    int student; ///< the discriminator's step, a student's score
    int fooling; ///< the student's step, its own score
};

// The discriminator tells the two apart, the student makes them alike. As printed, the discriminator does the opposite
// and the student helps it.
constexpr Direction directions[] = {
    {"expected_probability", 1, -1, 1}, {"as_printed", -1, 1, 1},    {"minimax", 1, -1, 1},
    {"non_saturating", 1, -1, 1},       {"least_squares", 1, -1, 1}, {"hinge", 1, -1, 1},
    {"wasserstein", 1, -1, 1},
};

int sign(float value) {
    return value > 0.0F ? 1 : value < 0.0F ? -1 : 0;
}

/// Away from the kinks of the hinge, which lie at 1 and -1.
const std::vector<float> teacher_scores{-2.5F, -0.3F, 0.0F, 0.6F, 1.7F};
const std::vector<float> student_scores{-1.6F, 0.2F, 2.9F};

} // namespace test_pointwise

BOOST_FIXTURE_TEST_SUITE(test_pointwise, test::Games)

BOOST_AUTO_TEST_CASE(softplus_and_sigmoid_are_exact_everywhere) {
    using objectives::sigmoid;
    using objectives::softplus;
    for (const double a : {-30.0, -1.0, 0.0, 0.5, 20.0}) {
        BOOST_TEST(softplus(a) == std::log1p(std::exp(a)), boost::test_tools::tolerance(1e-14));
        BOOST_TEST(sigmoid(a) == 1.0 / (1.0 + std::exp(-a)), boost::test_tools::tolerance(1e-14));
    }
    BOOST_TEST(softplus(1e6) == 1e6);
    BOOST_TEST(softplus(-700.0) == std::exp(-700.0), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(sigmoid(-700.0) == std::exp(-700.0), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(sigmoid(1e6) == 1.0);
    BOOST_TEST(sigmoid(-1e6) == 0.0);
}

BOOST_AUTO_TEST_CASE(discriminator_gradients_are_those_of_finite_differences) {
    for (const std::string_view name : names) {
        BOOST_TEST_CONTEXT(name) {
            const auto game = make(name);
            std::vector<float> t = teacher_scores, s = student_scores, t_gradient(t.size()), s_gradient(s.size());
            std::vector<float> unused_t(t.size()), unused_s(s.size());
            game->discriminator_loss(t, s, t_gradient, s_gradient, {});
            const auto loss = [&] { return game->discriminator_loss(t, s, unused_t, unused_s, {}); };
            test::check_gradient(loss, t, t_gradient, 1e-3F, 1e-6);
            test::check_gradient(loss, s, s_gradient, 1e-3F, 1e-6);
        }
    }
}

BOOST_AUTO_TEST_CASE(student_gradients_are_those_of_finite_differences_times_the_scale) {
    for (const std::string_view name : names) {
        BOOST_TEST_CONTEXT(name) {
            const auto game = make(name);
            std::vector<float> s = student_scores, gradient(s.size()), unused(s.size());
            game->student_loss({}, s, 0.25F, gradient, {});
            const auto loss = [&] { return 0.25 * game->student_loss({}, s, 1.0F, unused, {}); };
            test::check_gradient(loss, s, gradient, 1e-3F, 1e-6);
        }
    }
}

BOOST_AUTO_TEST_CASE(losses_are_means_over_rows) {
    for (const std::string_view name : names) {
        BOOST_TEST_CONTEXT(name) {
            const auto game = make(name);
            const std::vector<float> t{0.3F, 0.3F, 0.3F}, s{-0.7F, -0.7F};
            std::vector<float> t_gradient(3), s_gradient(2);
            const test::DiscriminatorLoss one = test::discriminator_loss(*game, 0.3F, -0.7F);
            BOOST_TEST(game->discriminator_loss(t, s, t_gradient, s_gradient, {}) == one.value,
                       boost::test_tools::tolerance(1e-12));
            BOOST_TEST(t_gradient[2] == one.teacher_slope / 3.0F, boost::test_tools::tolerance(1e-6F));
            BOOST_TEST(s_gradient[1] == one.student_slope / 2.0F, boost::test_tools::tolerance(1e-6F));
        }
    }
}

BOOST_AUTO_TEST_CASE(one_step_moves_scores_the_right_way) {
    for (const Direction &expected : directions) {
        for (const float score : {-0.9F, -0.2F, 0.0F, 0.4F, 0.9F}) {
            BOOST_TEST_CONTEXT(expected.game << " at score " << score) {
                const auto game = make(expected.game);
                const test::DiscriminatorLoss discriminator = test::discriminator_loss(*game, score, score);
                // Descent moves against the slope. In least squares a score at its target stays.
                BOOST_TEST(-sign(discriminator.teacher_slope) == expected.teacher);
                if (expected.game != "least_squares")
                    BOOST_TEST(-sign(discriminator.student_slope) == expected.student);
                BOOST_TEST(-sign(test::student_loss(*game, score).slope) == expected.fooling);
            }
        }
    }
    const auto game = make("least_squares");
    BOOST_TEST(-sign(test::discriminator_loss(*game, 0.4F, 0.4F).student_slope) == -1);
}

BOOST_AUTO_TEST_CASE(extreme_scores_are_finite_with_right_slopes) {
    for (const std::string_view name : names) {
        const auto game = make(name);
        for (const float score : {-1000.0F, -80.0F, 80.0F, 1000.0F}) {
            BOOST_TEST_CONTEXT(name << " at score " << score) {
                const test::DiscriminatorLoss discriminator = test::discriminator_loss(*game, score, score);
                const test::StudentLoss student = test::student_loss(*game, score);
                BOOST_TEST(std::isfinite(discriminator.value));
                BOOST_TEST(std::isfinite(student.value));
                BOOST_TEST(std::isfinite(discriminator.teacher_slope + discriminator.student_slope + student.slope));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(no_rows_cost_nothing) {
    for (const std::string_view name : names) {
        const auto game = make(name);
        BOOST_TEST(game->discriminator_loss({}, {}, {}, {}, {}) == 0.0);
        BOOST_TEST(game->student_loss({}, {}, 1.0F, {}, {}) == 0.0);
    }
}

// At its equilibrium a discriminator that scores both sides alike is at rest.
BOOST_AUTO_TEST_CASE(equilibrium_is_where_the_discriminator_rests) {
    for (const std::string_view name : names) {
        BOOST_TEST_CONTEXT(name) {
            const auto game = make(name);
            const double middle = game->equilibrium();
            const double score =
                game->score() == sdk::Objective::Score::logit ? std::log(middle / (1.0 - middle)) : middle;
            const auto at = test::discriminator_loss(*game, static_cast<float>(score), static_cast<float>(score));
            BOOST_TEST(std::abs(at.teacher_slope + at.student_slope) <= 1e-6F);
            BOOST_TEST(!game->compares_scores());
            const bool between = name == "wasserstein";
            BOOST_TEST(
                (game->penalty_at() == (between ? sdk::Objective::Penalty::between : sdk::Objective::Penalty::none)));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
