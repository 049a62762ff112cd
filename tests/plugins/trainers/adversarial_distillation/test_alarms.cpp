// SPDX-License-Identifier: Apache-2.0
// Each alarm by a failure that is put into a stage, and its silence where nothing is wrong.
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <plugins/objectives/wasserstein.hpp>
#include <plugins/trainers/adversarial_distillation/alarms.hpp>
#include <string>
#include <support/allocations.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_alarms)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::AdversaryWatch;
using trainer_adversarial_distillation::Bell;
using trainer_adversarial_distillation::Difference;
using trainer_adversarial_distillation::OnAlarm;
using trainer_adversarial_distillation::StudentWatch;

namespace {

constexpr const char *won = "adversary main: its discriminator has won";
constexpr const char *blind = "adversary main: its discriminator is blind";
constexpr const char *vanished = "adversary main: its gradient has vanished";
constexpr const char *collapsed = "student: its logits have collapsed";

/// A stage whose players stand still, measured at every step and judged in windows of six.
void start_still(Stage &stage) {
    stage.settings.optimizer = fake_optimizer(0.0F);
    stage.settings.adversaries[0].optimizer = fake_optimizer(0.0F);
    stage.settings.telemetry_every = 1;
    stage.settings.alarms.window = 6;
    stage.settings.epochs = 20;
    stage.start();
}

void set(std::span<float> values, float value) {
    std::fill(values.begin(), values.end(), value);
}

std::span<float> theta(Stage &stage) {
    return stage.discriminator->parameters().values;
}

/// The second layer of the student, [3, 2].
std::span<float> last_layer(Stage &stage) {
    return stage.student.parameters().values.subspan(16, 6);
}

/// The alarms that begin with `text` in steps from `begin` to before `end`.
std::vector<std::string> told(Stage &stage, std::uint64_t begin, std::uint64_t end, const std::string &text) {
    auto &events = stage.surroundings.services.events;
    events.clear();
    for (std::uint64_t k = begin; k < end; ++k)
        stage.trainer->step(k, stage.metrics);
    std::vector<std::string> found;
    for (const auto &[kind, message] : events)
        if (kind == "alarm" && message.starts_with(text))
            found.push_back(message);
    return found;
}

/// The scores of a teacher with weights above 0 are far above the student's.
void let_the_discriminator_win(Stage &stage) {
    set(stage.student.parameters().values, 2.0F);
    set(last_layer(stage), -2.0F);
    set(theta(stage), 1.0F);
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
    BOOST_TEST(alarms[0].starts_with(std::string(won) + ": accuracy 1, more than 0.99, and loss "), alarms[0]);
    BOOST_TEST(alarms[0].ends_with(", within 0.05 of 0, over steps 7 to 12"), alarms[0]);
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
    stage.settings.adversaries[0].objective =
        spec<sdk::Objective>("wasserstein", [](const sdk::ObjectiveContext &context) {
            return std::make_unique<objectives::Wasserstein>(objectives::Wasserstein::Settings{0.0}, context);
        });
    start_still(stage);
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 12, won).empty());
    BOOST_TEST(stage.metrics["main.accuracy"] == 0.5);
    BOOST_TEST(stage.metrics["main.discriminator_loss"] == 0.0);
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

BOOST_AUTO_TEST_CASE(an_alarm_is_told_once_until_it_has_cleared) {
    Stage stage;
    start_still(stage);
    const std::vector<float> kept = copy_of(theta(stage));
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 18, blind).size() == 1U);
    std::copy(kept.begin(), kept.end(), theta(stage).begin());
    BOOST_TEST(told(stage, 18, 30, blind).empty());
    const std::vector<std::string> &infos = stage.surroundings.services.infos;
    const std::string cleared = std::string("the alarm has cleared at step 24: ") + blind;
    BOOST_TEST(std::count(infos.begin(), infos.end(), cleared) == 1);
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 30, 42, blind).size() == 1U);
}

/// Steps of an adversary that has won, and the end of the window; what was told.
std::size_t win(AdversaryWatch &watch, int steps, FakeServices &services) {
    const sdk::MatrixBuffer samples(2, 3);
    services.events.clear();
    for (int i = 0; i < steps; ++i)
        watch.add({1.0, 0.0, 1.0}, samples.view(), services);
    Bell bell(services, 1, 4);
    watch.judge(bell);
    return services.events.size();
}

BOOST_AUTO_TEST_CASE(another_game_is_judged_by_itself) {
    trainer_adversarial_distillation::AlarmSettings settings;
    settings.window = 4;
    AdversaryWatch watch("main", 3, settings);
    FakeServices services;
    BOOST_TEST(win(watch, 4, services) == 1U);
    BOOST_TEST(win(watch, 4, services) == 0U); // it stands
    watch.restart();
    BOOST_TEST(win(watch, 3, services) == 0U); // the rest of a window
    BOOST_TEST(win(watch, 4, services) == 1U);
}

BOOST_AUTO_TEST_CASE(a_batch_of_one_row_has_no_spread_that_could_collapse) {
    trainer_adversarial_distillation::AlarmSettings settings;
    settings.collapsed_classes = 0.0;
    FakeServices services;
    StudentWatch watch(3, settings);
    const std::int32_t labels[] = {0, 1};
    const auto collapses = [&](std::size_t rows) {
        const sdk::MatrixBuffer logits(rows, 3);
        services.events.clear();
        watch.measure(logits.view(), std::span(labels).first(rows));
        watch.settle();
        Bell bell(services, 1, 1);
        watch.judge(bell);
        return !services.events.empty();
    };
    BOOST_TEST(!collapses(1));
    BOOST_TEST(collapses(2));
}

BOOST_AUTO_TEST_CASE(each_adversary_has_alarms_of_its_own) {
    Stage stage;
    stage.settings.adversaries.push_back(stage.adversary("second")); // the one that the stage's pointer is to
    stage.settings.adversaries[1].optimizer = fake_optimizer(0.0F);
    start_still(stage);
    set(theta(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 6, "adversary second: its discriminator is blind").size() == 1U);
    BOOST_TEST(told(stage, 6, 12, "").empty());
}

BOOST_AUTO_TEST_CASE(without_a_window_there_are_no_alarms) {
    Stage stage;
    start_still(stage);
    stage.settings.alarms.window = 0;
    stage.start();
    set(theta(stage), 0.0F);
    set(last_layer(stage), 0.0F);
    BOOST_TEST(told(stage, 0, 24, "").empty());
}

/// The student's weights of the last quiet window come back: those at the beginning of its last step.
BOOST_AUTO_TEST_CASE(an_alarm_that_stops_gives_the_student_its_last_good_weights) {
    for (const std::uint64_t breaks : {0U, 6U}) {
        Stage stage;
        stage.settings.on_alarm = OnAlarm::stop;
        stage.settings.alarms.collapsed_classes = 0.0;
        stage.settings.telemetry_every = 0;
        stage.settings.alarms.window = 6;
        stage.settings.epochs = 20;
        stage.settings.adversaries[0].optimizer = fake_optimizer(0.0F);
        stage.start();
        std::vector<float> good = stage.student_values();
        for (std::uint64_t k = 0; k < breaks; ++k) {
            good = stage.student_values();
            stage.trainer->step(k, stage.metrics);
        }
        set(theta(stage), 0.0F);
        const auto expected = [&](const sdk::Error &error) {
            const std::string after = breaks == 0 ? "0" : "5";
            BOOST_TEST(std::string(error.what()).starts_with(std::string("alarm: ") + blind), error.what());
            BOOST_TEST(std::string(error.what())
                           .ends_with("; the student has its weights of after step " + after + " again; stopped"),
                       error.what());
            return error.kind() == sdk::ErrorKind::training;
        };
        for (std::uint64_t k = breaks; k < breaks + 5; ++k)
            stage.trainer->step(k, stage.metrics);
        BOOST_TEST(stage.student_values() != good);
        BOOST_CHECK_EXCEPTION(stage.trainer->step(breaks + 5, stage.metrics), sdk::Error, expected);
        BOOST_TEST(stage.student_values() == good);
        BOOST_TEST(stage.surroundings.services.events.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    Stage stage;
    make_rich(stage);
    stage.settings.telemetry_every = 1;
    stage.settings.alarms.window = 3;
    stage.settings.alarms.blind_spread = 1e6; // samples are compared at every step
    stage.settings.on_alarm = OnAlarm::stop;
    stage.run(6);
    const std::size_t before = allocations();
    for (std::uint64_t k = 6; k < 12; ++k)
        stage.trainer->step(k, stage.metrics);
    BOOST_TEST(allocations() == before);
}

/// Of `samples` with the student's rows scaled and moved.
double difference(float scale, float shift, std::size_t replicas = 1) {
    FakeServices services;
    services.replica_count = replicas;
    const sdk::MatrixBuffer samples = normal_matrix(2000, 3, sdk::Random{5});
    for (std::size_t row = 0; row < 1000; ++row)
        for (std::size_t c = 0; c < 3; ++c)
            samples.view().row(1000 + row)[c] = scale * samples.view().row(row)[c] + shift;
    Difference result(3);
    result.add(samples.view(), services);
    return result.value();
}

BOOST_AUTO_TEST_CASE(the_difference_of_samples_is_that_of_their_means_and_deviations) {
    BOOST_TEST(difference(1.0F, 0.0F) == 0.0);
    BOOST_TEST(std::abs(difference(1.0F, 1.0F) - std::sqrt(1.0 / 3.0)) < 0.02);
    BOOST_TEST(std::abs(difference(2.0F, 0.0F) - std::sqrt(1.0 / 5.0)) < 0.02);
    BOOST_TEST(std::abs(difference(0.0F, 1e6F) - 1.0) < 1e-6);
    BOOST_TEST(std::abs(difference(2.0F, 1.0F, 3) - difference(2.0F, 1.0F)) < 1e-9);
    BOOST_TEST(Difference(3).value() == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
