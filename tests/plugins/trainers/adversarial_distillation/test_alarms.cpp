// SPDX-License-Identifier: Apache-2.0
// Each alarm by a failure that is put into a stage, and its silence where nothing is wrong.
#include "failing_stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <memory>
#include <plugins/objectives/wasserstein.hpp>

BOOST_AUTO_TEST_SUITE(test_alarms)

using namespace retort;
using namespace retort::test;

namespace {

void play_wasserstein(Stage &stage) {
    stage.settings.adversaries[0].objective =
        spec<sdk::Objective>("wasserstein", [](const sdk::ObjectiveContext &context) {
            return std::make_unique<objectives::Wasserstein>(objectives::Wasserstein::Settings{0.0}, context);
        });
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_told_of_players_that_differ_and_are_told_apart) {
    Stage stage;
    stage.settings.alarms.collapsed_classes = 0.0; // of a student with random weights
    start_still(stage);
    BOOST_TEST(told(stage, 0, 60, "").empty());
    Stage moving;
    make_rich(moving);
    moving.settings.telemetry_every = 1;
    moving.settings.alarms.window = 6;
    moving.settings.epochs = 20;
    moving.start();
    BOOST_TEST(told(moving, 0, 60, "").empty());
}

BOOST_AUTO_TEST_CASE(a_discriminator_that_has_won_is_told_of) {
    Stage stage;
    set(stage.teacher.parameters().values, 2.0F);
    start_still(stage);
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 6, won).empty());
    let_the_discriminator_win(stage);
    const std::vector<std::string> alarms = told(stage, 6, 24, won);
    BOOST_TEST_REQUIRE(alarms.size() == 1U);
    const std::string text = std::string(won) + ": accuracy 1, more than 0.99, and loss within 0.05 of the least, by ";
    BOOST_TEST(alarms[0].starts_with(text), alarms[0]);
    BOOST_TEST(alarms[0].ends_with(", over steps 7 to 12"), alarms[0]);
}

// With smoothed labels the loss of one that has won is not 0.
BOOST_AUTO_TEST_CASE(a_loss_is_judged_by_the_least_that_there_is) {
    for (const double least : {-0.3, 0.0, 0.3}) {
        Stage stage;
        FakeObjective::Options options;
        options.least = least;
        stage.settings.adversaries[0].objective = fake_objective(options);
        set(stage.teacher.parameters().values, 2.0F);
        start_still(stage);
        let_the_discriminator_win(stage);
        BOOST_TEST(told(stage, 0, 12, won).size() == (least == 0.0 ? 1U : 0U));
    }
}

// As accurate as can be, and a loss that is not near to 0, as that of a critic whose scores have no bounds.
BOOST_AUTO_TEST_CASE(accuracy_alone_is_no_victory) {
    Stage stage;
    set(stage.teacher.parameters().values, 0.01F); // scores just above 0
    start_still(stage);
    let_the_discriminator_win(stage);
    BOOST_TEST(told(stage, 0, 12, won).empty());
    BOOST_TEST(stage.metrics["main.accuracy"] == 1.0);
    BOOST_TEST(stage.metrics["main.discriminator_loss"] > 0.5);
}

// A critic that says the same of everything has a loss of 0, and has won nothing.
BOOST_AUTO_TEST_CASE(a_loss_near_0_alone_is_no_victory) {
    Stage stage;
    play_wasserstein(stage);
    start_still(stage);
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 12, won).empty());
    BOOST_TEST(stage.metrics["main.accuracy"] == 0.5);
    BOOST_TEST(stage.metrics["main.discriminator_loss"] == 0.0);
}

// Near its equilibrium the loss of a critic that is always right comes near to 0, which is not the least of anything.
BOOST_AUTO_TEST_CASE(a_critic_that_is_always_right_has_not_won) {
    Stage stage;
    play_wasserstein(stage);
    set(stage.teacher.parameters().values, 2.0F);
    start_still(stage);
    let_the_discriminator_win(stage);
    for (float &value : theta(stage))
        value *= 1e-4F;
    BOOST_TEST(told(stage, 0, 12, won).empty());
    BOOST_TEST(stage.metrics["main.accuracy"] == 1.0);
    BOOST_TEST(std::abs(stage.metrics["main.discriminator_loss"]) < 0.05);
}

BOOST_AUTO_TEST_CASE(a_discriminator_that_tells_nothing_of_what_differs_is_blind) {
    Stage stage;
    start_still(stage);
    set(theta(stage), 0.0F);
    const std::vector<std::string> alarms = told(stage, 0, 24, blind);
    BOOST_TEST_REQUIRE(alarms.size() == 1U);
    BOOST_TEST(alarms[0].starts_with(std::string(blind) + ": accuracy 0.5, and scores spread by 0, less than 0.01, "),
               alarms[0]);
}

BOOST_AUTO_TEST_CASE(one_that_tells_nothing_of_what_is_the_same_is_not) {
    Stage stage;
    FakeModel twin(4, 5, 3, 1); // of the teacher
    stage.parts.models["student"] = &twin;
    start_still(stage);
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 24, blind).empty());
    BOOST_TEST(stage.metrics["main.accuracy"] == 0.5);
    BOOST_TEST(stage.metrics["main.score_spread"] == 0.0);
}

BOOST_AUTO_TEST_CASE(a_gradient_of_nothing_has_vanished) {
    Stage stage;
    start_still(stage);
    for (float &value : theta(stage))
        value *= 1e-5F;
    const std::vector<std::string> alarms = told(stage, 0, 24, vanished);
    BOOST_TEST_REQUIRE(alarms.size() == 1U);
    BOOST_TEST(alarms[0].ends_with("times that of the losses, less than 0.001, over steps 1 to 6"), alarms[0]);
}

// Nor does a loss on labels that has no weight: it is not what the gradient is compared with.
BOOST_AUTO_TEST_CASE(a_gradient_of_nothing_beside_labels_without_a_weight_has_vanished) {
    Stage stage;
    stage.settings.losses[0].weight = 0.0;
    stage.settings.losses.push_back({fake_loss(sdk::Loss::On::logits), 1.0, {}});
    start_still(stage);
    for (float &value : theta(stage))
        value *= 1e-5F;
    BOOST_TEST(told(stage, 0, 24, vanished).size() == 1U);
}

BOOST_AUTO_TEST_CASE(nor_does_balancing_hide_that_it_has) {
    Stage stage;
    stage.settings.adversaries[0].balance = 1.0;
    start_still(stage);
    for (float &value : theta(stage))
        value *= 1e-5F;
    BOOST_TEST(told(stage, 0, 24, vanished).size() == 1U);
    BOOST_TEST(stage.metrics["main.balance"] > 2.0);
}

// What lambda makes small is small on purpose; where it is 0, or nothing is measured, there is nothing to judge.
BOOST_AUTO_TEST_CASE(a_gradient_that_lambda_makes_small_has_not) {
    for (const double lambda : {1e-5, 0.0}) {
        Stage stage;
        stage.settings.adversaries[0].lambda = lambda;
        start_still(stage);
        BOOST_TEST(told(stage, 0, 24, vanished).empty());
    }
    Stage unmeasured;
    start_still(unmeasured);
    unmeasured.settings.telemetry_every = 0;
    unmeasured.start();
    set(theta(unmeasured), 0.0F);
    BOOST_TEST(told(unmeasured, 0, 24, vanished).empty());
}

BOOST_AUTO_TEST_CASE(logits_that_say_the_same_of_everything_have_collapsed) {
    Stage stage;
    stage.settings.alarms.collapsed_classes = 0.0; // by their spread alone
    start_still(stage);
    set(last_layer(stage), 0.5F); // all classes alike, whatever the input is
    const std::vector<std::string> alarms = told(stage, 0, 24, collapsed);
    BOOST_TEST_REQUIRE(alarms.size() == 1U);
    BOOST_TEST(alarms[0].find(": they spread by ") != std::string::npos, alarms[0]);
}

BOOST_AUTO_TEST_CASE(logits_that_are_of_one_class_have_collapsed) {
    Stage stage;
    stage.settings.alarms.collapsed_spread = 0.0; // by their classes alone
    start_still(stage);
    set(stage.student.parameters().values.first(16), 1.0F);
    set(last_layer(stage), -1.0F);
    set(last_layer(stage).first(2), 1.0F);
    const std::vector<std::string> alarms = told(stage, 0, 24, collapsed);
    BOOST_TEST_REQUIRE(alarms.size() == 1U);
    BOOST_TEST(alarms[0].find(": it predicts 1 classes where the labels are of 2.") != std::string::npos, alarms[0]);
}

BOOST_AUTO_TEST_SUITE_END()
