// SPDX-License-Identifier: Apache-2.0
// When alarms are judged and told, and what follows from one.
#include "failing_stage.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/trainers/adversarial_distillation/alarms.hpp>
#include <support/allocations.hpp>
#include <support/numeric.hpp>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_alarm_windows)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::AdversaryWatch;
using trainer_adversarial_distillation::Bell;
using trainer_adversarial_distillation::Difference;
using trainer_adversarial_distillation::OnAlarm;
using trainer_adversarial_distillation::StudentWatch;

namespace {

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

/// Rows of a teacher's samples, and of a student's, which are the same rows scaled and moved.
sdk::MatrixBuffer both_sides(std::size_t rows, float scale, float shift) {
    sdk::MatrixBuffer samples = normal_matrix(2 * rows, 3, sdk::Random{5});
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t c = 0; c < 3; ++c)
            samples.view().row(rows + row)[c] = scale * samples.view().row(row)[c] + shift;
    return samples;
}

double difference(float scale, float shift) {
    FakeServices services;
    Difference result(3);
    result.add(both_sides(1000, scale, shift).view(), services);
    return result.value();
}

/// A replica that meets another one, which came to `other`.
class Meeting final : public sdk::SilentServices {
  public:
    explicit Meeting(std::vector<double> other = {}) : other_(std::move(other)) {}

    void sum_over_replicas(std::span<double> values) override {
        own.assign(values.begin(), values.end());
        for (std::size_t i = 0; i < other_.size(); ++i)
            values[i] += other_[i];
    }

    std::vector<double> own;

  private:
    std::vector<double> other_;
};

} // namespace

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

BOOST_AUTO_TEST_CASE(a_stage_that_is_shorter_than_a_window_cannot_be_stopped_and_is_told_so) {
    for (const OnAlarm action : {OnAlarm::log, OnAlarm::stop})
        for (const std::uint64_t window : {0U, 12U, 13U}) { // of 12 steps
            Stage stage;
            stage.settings.alarms.window = window;
            stage.settings.on_alarm = action;
            stage.build();
            const std::vector<std::string> &warnings = stage.surroundings.services.warnings;
            const bool told_so = action == OnAlarm::stop && window == 13;
            BOOST_TEST_REQUIRE(warnings.size() == (told_so ? 1U : 0U));
            if (told_so)
                BOOST_TEST(warnings[0].starts_with("/alarms/window is 13 and the stage has 12 steps"), warnings[0]);
        }
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

BOOST_AUTO_TEST_CASE(the_difference_of_samples_is_that_of_their_means_and_deviations) {
    BOOST_TEST(difference(1.0F, 0.0F) == 0.0);
    BOOST_TEST(std::abs(difference(1.0F, 1.0F) - std::sqrt(1.0 / 3.0)) < 0.02);
    BOOST_TEST(std::abs(difference(2.0F, 0.0F) - std::sqrt(1.0 / 5.0)) < 0.02);
    BOOST_TEST(std::abs(difference(0.0F, 1e6F) - 1.0) < 1e-6);
    BOOST_TEST(Difference(3).value() == 0.0);
}

// One has samples that differ, the other ones that do not.
BOOST_AUTO_TEST_CASE(the_difference_is_that_of_the_samples_of_all_replicas) {
    const sdk::MatrixBuffer moved = both_sides(300, 1.0F, 4.0F);
    const sdk::MatrixBuffer same = both_sides(700, 1.0F, 0.0F);
    const sdk::MatrixBuffer all(2000, 3);
    const auto copy = [&](sdk::ConstMatrix from, std::size_t row, std::size_t to) {
        std::ranges::copy(from.row(row), all.view().row(to).begin());
    };
    for (std::size_t row = 0; row < 2 * 300; ++row)
        copy(moved.view(), row, row < 300 ? row : 700 + row);
    for (std::size_t row = 0; row < 2 * 700; ++row)
        copy(same.view(), row, row < 700 ? 300 + row : 600 + row);
    FakeServices alone;
    Difference expected(3);
    expected.add(all.view(), alone);

    Meeting first;
    Difference(3).add(moved.view(), first);
    Meeting second(first.own);
    Difference found(3);
    found.add(same.view(), second);
    BOOST_TEST(std::abs(found.value() - expected.value()) < 1e-9);
    BOOST_TEST(found.value() > 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
