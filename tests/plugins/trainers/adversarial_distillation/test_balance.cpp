// SPDX-License-Identifier: Apache-2.0
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/trainers/adversarial_distillation/balance.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_balance, *boost::unit_test::tolerance(1e-6))

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::Balance;
using trainer_adversarial_distillation::norm_at;

/// A stage whose only adversary is balanced to `ratio`, with a student that stands still.
void make_balanced(Stage &stage, double ratio) {
    stage.settings.adversaries[0].balance = ratio;
    stage.settings.batch = 23;
    stage.settings.epochs = 50;
    stage.settings.optimizer = fake_optimizer(0.0F);
    stage.settings.adversaries[0].optimizer = fake_optimizer(0.0F);
}

BOOST_AUTO_TEST_CASE(the_norm_is_that_of_the_sum_at_the_tap) {
    const std::vector<float> a{3.0F, 0.0F}, b{0.0F, 4.0F}, other{100.0F, 100.0F};
    const sdk::TapGradient gradients[] = {
        {0, {other.data(), 2, 1, 1}}, {1, {a.data(), 2, 1, 1}}, {1, {b.data(), 2, 1, 1}}};
    BOOST_TEST(norm_at(gradients, 1) == 5.0);
    BOOST_TEST(norm_at(gradients, 2) == 0.0);
    BOOST_TEST(norm_at({}, 1) == 0.0);
}

BOOST_AUTO_TEST_CASE(the_factor_follows_the_means_of_steps_that_have_weight) {
    const std::vector<float> six{6.0F};
    const std::vector<float> twelve{12.0F};
    const sdk::TapGradient first[] = {{0, {six.data(), 1, 1, 1}}};
    const sdk::TapGradient second[] = {{0, {twelve.data(), 1, 1, 1}}};
    Balance balance(0.5);
    BOOST_TEST(balance.factor() == 1.0);
    balance.measure(first, 0);
    balance.update(4.0, 2.0); // 2 for lambda = 1
    BOOST_TEST(balance.factor() == 0.5 * 6.0 / 2.0);
    balance.measure(second, 0);
    balance.update(1.0, 0.0);
    BOOST_TEST(balance.factor() == 1.5);
    balance.update(5.0, 1.0);
    BOOST_TEST(balance.factor() == 0.5 * (0.99 * 6.0 + 12.0) / (0.99 * 2.0 + 5.0));
    Balance other(0.25);
    balance.exchange(other, false);
    BOOST_TEST(other.factor() == 1.0);
    BOOST_TEST(balance.factor() == 0.25 * (0.99 * 6.0 + 12.0) / (0.99 * 2.0 + 5.0));
    balance.exchange(other, true); // another game
    BOOST_TEST(balance.factor() == 1.0);
    BOOST_TEST(other.factor() == 0.25 * (0.99 * 6.0 + 12.0) / (0.99 * 2.0 + 5.0));
}

BOOST_AUTO_TEST_CASE(an_adversary_that_has_nothing_to_say_is_not_blown_up) {
    const std::vector<float> six{6.0F};
    const sdk::TapGradient losses[] = {{0, {six.data(), 1, 1, 1}}};
    Balance balance(0.5);
    balance.measure(losses, 0);
    balance.update(1e-9, 1.0);
    BOOST_TEST(balance.factor() == 1000.0);
    Balance off(0.0);
    balance.exchange(off, false);
    BOOST_TEST(balance.factor() == 1.0);
}

// Nothing moves, so from the second step on the means are what is measured, and lambda stands before them.
BOOST_AUTO_TEST_CASE(the_adversarys_gradient_has_the_given_part_of_the_losses) {
    for (const double ratio : {0.1, 1.0, 3.0})
        for (const double lambda : {1.0, 0.25}) {
            Stage stage;
            make_balanced(stage, ratio);
            stage.settings.adversaries[0].lambda = lambda;
            stage.run(3);
            BOOST_TEST(stage.metrics["main.gradient_norm"] / stage.metrics["squares.gradient_norm"] == ratio * lambda,
                       boost::test_tools::tolerance(1e-4));
            BOOST_TEST(stage.metrics["loss"] == stage.metrics["squares"] + lambda * stage.metrics["main.balance"] *
                                                                               stage.metrics["main.student_loss"]);
        }
}

BOOST_AUTO_TEST_CASE(without_a_ratio_nothing_is_scaled) {
    Stage plain;
    Stage balanced;
    plain.run(6);
    BOOST_TEST(plain.metrics["main.balance"] == 1.0);
    balanced.settings.adversaries[0].balance = 1.0;
    balanced.run(6);
    BOOST_TEST(balanced.metrics["main.balance"] != 1.0);
    BOOST_TEST(plain.student_values() != balanced.student_values());
}

BOOST_AUTO_TEST_CASE(its_means_are_state) {
    Stage stage;
    stage.settings.adversaries[0].balance = 1.0;
    stage.run(2);
    const State state = State::of(*stage.trainer);
    BOOST_TEST(state.doubles.at("adversaries.main.balance.losses").at(0) > 0.0);
    BOOST_TEST(state.doubles.at("adversaries.main.balance.adversary").at(0) > 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
