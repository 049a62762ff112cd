// SPDX-License-Identifier: Apache-2.0
// Whom each step moves, and where to.
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_players)

using namespace retort;
using namespace retort::test;

BOOST_AUTO_TEST_CASE(each_players_loss_moves_that_player_alone) {
    Stage frozen_discriminator;
    frozen_discriminator.settings.adversaries[0].optimizer = fake_optimizer(0.0F);
    frozen_discriminator.start();
    const auto theta = copy_of(frozen_discriminator.discriminator->parameters().values);
    const auto student = frozen_discriminator.student_values();
    frozen_discriminator.trainer->step(0, frozen_discriminator.metrics);
    BOOST_TEST(copy_of(frozen_discriminator.discriminator->parameters().values) == theta);
    BOOST_TEST(frozen_discriminator.student_values() != student);

    Stage frozen_student;
    frozen_student.settings.optimizer = fake_optimizer(0.0F);
    frozen_student.start();
    frozen_student.trainer->step(0, frozen_student.metrics);
    BOOST_TEST(frozen_student.student_values() == student);
    BOOST_TEST(copy_of(frozen_student.discriminator->parameters().values) != theta);
}

BOOST_AUTO_TEST_CASE(the_students_loss_leaves_the_gradient_of_theta_as_the_discriminators_step_left_it) {
    Stage once;
    Stage scaled; // another lambda: another student's loss, the same discriminator's
    scaled.settings.adversaries[0].lambda = 1000.0;
    once.run(1);
    scaled.run(1);
    BOOST_TEST(copy_of(once.discriminator->parameters().gradients) ==
               copy_of(scaled.discriminator->parameters().gradients));
    BOOST_TEST(once.student_values() != scaled.student_values());
}

BOOST_AUTO_TEST_CASE(the_discriminators_loss_leaves_the_gradient_of_the_student_alone) {
    Stage plain;
    Stage without;
    plain.settings.adversaries[0].lambda = 0.0;
    without.settings.adversaries.clear();
    plain.run(1);
    without.run(1);
    BOOST_TEST(copy_of(plain.student.parameters().gradients) == copy_of(without.student.parameters().gradients));
}

/// Mean of <w, logits> over the training data, with w the discriminator's direction.
double mean_score(sdk::Model &model, const sdk::Dataset &data, std::span<const float> direction) {
    sdk::MatrixBuffer inputs(data.size(sdk::Split::train), data.width());
    std::vector<std::uint64_t> ids(data.size(sdk::Split::train));
    for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = i;
    data.read(sdk::Split::train, ids, inputs.view(), {});
    const std::size_t taps[] = {1};
    const auto pass = model.make_pass({sdk::Mode::evaluate, ids.size(), 0, false, false, taps});
    pass->forward({inputs.view(), {}, {}, 0}, sdk::Random{});
    double sum = 0.0;
    for (std::size_t r = 0; r < ids.size(); ++r)
        for (std::size_t c = 0; c < direction.size(); ++c)
            sum += static_cast<double>(direction[c] * pass->tap(1).row(r)[c]);
    return sum / static_cast<double>(ids.size());
}

/// By how much the student's mean comes nearer to the teacher's along a frozen discriminator that scores the teacher's
/// mean higher. `sign`: of the student's term; -1 is the paper's literal game.
double approach(float sign) {
    Stage stage;
    stage.settings.losses.clear();
    stage.settings.adversaries[0].objective = fake_objective({sign, {}, {}, false});
    stage.settings.adversaries[0].optimizer = fake_optimizer(0.0F);
    stage.settings.optimizer = fake_optimizer(0.01F);
    stage.start();
    const std::span<float> direction = stage.discriminator->parameters().values.first(3);
    if (mean_score(stage.teacher, stage.data, direction) < mean_score(stage.student, stage.data, direction))
        for (float &value : direction)
            value = -value;
    const auto distance = [&] {
        return mean_score(stage.teacher, stage.data, direction) - mean_score(stage.student, stage.data, direction);
    };
    const double before = distance();
    BOOST_TEST_REQUIRE(before > 0.0);
    for (std::uint64_t k = 0; k < 3; ++k)
        stage.trainer->step(k, stage.metrics);
    return before - distance();
}

BOOST_AUTO_TEST_CASE(the_student_moves_towards_the_teacher_and_away_when_the_sign_is_flipped) {
    BOOST_TEST(approach(1.0F) > 1e-4);
    BOOST_TEST(approach(-1.0F) < -1e-4);
}

BOOST_AUTO_TEST_CASE(the_discriminator_learns_to_score_the_teacher_higher) {
    Stage stage;
    stage.settings.optimizer = fake_optimizer(0.0F);
    stage.settings.epochs = 100;
    stage.run(300);
    BOOST_TEST(stage.metrics["main.d_teacher"] > stage.metrics["main.d_student"] + 0.05);
    const std::span<const float> theta = stage.discriminator->parameters().values.first(3);
    BOOST_TEST(mean_score(stage.teacher, stage.data, theta) > mean_score(stage.student, stage.data, theta) + 0.1);
}

BOOST_AUTO_TEST_CASE(a_discriminator_takes_as_many_steps_as_asked_for) {
    for (const std::uint64_t count : {1U, 2U, 5U})
        for (const bool fresh : {false, true}) {
            Stage stage;
            stage.settings.adversaries[0].discriminator_steps = count;
            stage.settings.adversaries[0].fresh_batches = fresh;
            stage.run(4);
            BOOST_TEST(stage.discriminator->steps == 4 * count);
            BOOST_TEST(stage.discriminator_optimizer->steps == 4 * count);
            BOOST_TEST(stage.student.forwards == (fresh ? 4 * static_cast<int>(count) : 4));
        }
}

// The discriminator of a first step knows nothing and goes on; one that has learned enough stops.
BOOST_AUTO_TEST_CASE(a_discriminator_goes_on_until_its_accuracy_is_reached) {
    for (const double until : {0.0, 1e-6, 0.6, 1.0}) {
        Stage stage;
        stage.settings.adversaries[0].discriminator_steps = 5;
        stage.settings.adversaries[0].until_accuracy = until;
        stage.settings.optimizer = fake_optimizer(0.0F);
        stage.settings.batch = 23;
        stage.settings.epochs = 20;
        stage.start();
        double taken = 0.0;
        for (std::uint64_t k = 0; k < 20; ++k) {
            stage.trainer->step(k, stage.metrics);
            const double steps = stage.metrics["main.discriminator_steps"];
            taken += steps;
            if (until > 0.0 && steps < 5.0)
                BOOST_TEST(stage.metrics["main.accuracy"] >= until);
        }
        BOOST_TEST(taken == static_cast<double>(stage.discriminator->steps));
        if (until == 0.0)
            BOOST_TEST(taken == 100.0);
        if (until == 1e-6)
            BOOST_TEST(taken == 20.0);
        if (until == 0.6)
            BOOST_TEST((taken > 20.0 && taken < 100.0));
        if (until == 1.0)
            BOOST_TEST(taken > 60.0); // few batches are told apart without a mistake
    }
}

BOOST_AUTO_TEST_CASE(an_accuracy_to_reach_in_one_step_is_told_to_be_ignored) {
    for (const std::uint64_t count : {1U, 2U}) {
        Stage stage;
        stage.settings.adversaries[0].discriminator_steps = count;
        stage.settings.adversaries[0].until_accuracy = 0.8;
        stage.build();
        const std::vector<std::string> &warnings = stage.surroundings.services.warnings;
        BOOST_TEST_REQUIRE(warnings.size() == (count == 1 ? 1U : 0U));
        if (count == 1)
            BOOST_TEST(warnings[0].starts_with("/adversaries/0/until_accuracy is ignored"), warnings[0]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
