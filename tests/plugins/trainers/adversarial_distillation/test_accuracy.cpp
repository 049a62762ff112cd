// SPDX-License-Identifier: Apache-2.0
#include "../fake_game.hpp"

#include <boost/test/unit_test.hpp>

#include <plugins/trainers/adversarial_distillation/accuracy.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_accuracy)

using namespace retort;
using trainer_adversarial_distillation::accuracy_of;

double accuracy(sdk::Objective::Score score, const std::vector<float> &t, const std::vector<float> &s,
                double equilibrium = 0.5) {
    return accuracy_of(test::FakeObjective({1.0F, score, {}, false, equilibrium}), t, s);
}

BOOST_AUTO_TEST_CASE(logits_are_right_on_their_side_of_the_equilibrium) {
    const auto logit = sdk::Objective::Score::logit;
    BOOST_TEST(accuracy(logit, {1.0F, 2.0F}, {-1.0F, -3.0F}) == 1.0);
    BOOST_TEST(accuracy(logit, {-1.0F, -2.0F}, {1.0F, 3.0F}) == 0.0);
    BOOST_TEST(accuracy(logit, {1.0F, 2.0F}, {1.0F, 2.0F}) == 0.5);
    BOOST_TEST(accuracy(logit, {0.0F, 0.0F}, {0.0F, 0.0F}) == 0.5);
    BOOST_TEST(accuracy(logit, {1.0F, -2.0F}, {-1.0F, -2.0F}) == 0.75);
    // Of a smoothed target: D = 0.45 is logit -0.2.
    BOOST_TEST(accuracy(logit, {-0.1F}, {-0.3F}, 0.45) == 1.0);
    BOOST_TEST(accuracy(logit, {-0.1F}, {-0.3F}, 0.5) == 0.5);
}

BOOST_AUTO_TEST_CASE(raw_scores_are_right_in_their_order) {
    const auto raw = sdk::Objective::Score::raw;
    BOOST_TEST(accuracy(raw, {101.0F, 102.0F}, {100.0F, 99.0F}) == 1.0);
    BOOST_TEST(accuracy(raw, {-7.0F, -8.0F}, {-6.0F, -9.0F}) == 0.5);
    BOOST_TEST(accuracy(raw, {3.0F, 3.0F}, {3.0F, 3.0F}) == 0.5);
    BOOST_TEST(accuracy(raw, {3.0F, 3.0F}, {4.0F, 4.0F}) == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
