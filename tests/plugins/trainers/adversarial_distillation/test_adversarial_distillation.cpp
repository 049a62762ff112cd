// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <plugins/heads/gaussian/gaussian.hpp>
#include <support/allocations.hpp>
#include <support/fake_profiler.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_adversarial_distillation)

using namespace retort;
using namespace retort::test;

namespace {

const Mistake mistakes[] = {
    {"the teacher as its own student",
     [](Stage &stage) { stage.settings.student.name = "teacher"; },
     {"/student"},
     "teacher and student are both \"teacher\""},
    {"shifts of what is no image", [](Stage &stage) { stage.settings.shift = 1; }, {"/shift"}, "no images"},
    {"a student with other classes",
     [](Stage &stage) {
         static FakeModel other(4, 2, 5, 1);
         stage.parts.models["student"] = &other;
         pair_of(stage).student_tap = "hidden.0";
         pair_of(stage).student_head = fake_head({3, false, false});
     },
     {"/student"},
     "\"student\" has 5 logits, but the dataset has 3 classes"},
};

sdk::ComponentSpec<sdk::Head> gaussian_head() {
    return spec<sdk::Head>("gaussian", [](const sdk::HeadContext &context) {
        return std::make_unique<head_gaussian::Gaussian>(head_gaussian::Gaussian::Settings{}, context);
    });
}

/// The rich stage, with heads of Gaussians on its hidden layers of 5 and 2 units, and an adversary there.
void make_gaussian(Stage &stage) {
    make_rich(stage);
    PairSettings &hidden = stage.settings.pairs.items[1].second;
    hidden.teacher_head = gaussian_head();
    hidden.student_head = gaussian_head();
    stage.settings.adversaries.push_back(stage.adversary("hidden"));
    stage.settings.adversaries.back().pair = "hidden";
}

} // namespace

BOOST_AUTO_TEST_CASE(every_mistake_of_the_stage_itself_is_reported) {
    check_mistakes(mistakes);
}

BOOST_AUTO_TEST_CASE(a_step_reports_what_the_figures_and_the_reader_need) {
    Stage stage;
    stage.run(1);
    for (const char *name : {"loss", "squares", "squares.gradient_norm", "main.d_teacher", "main.d_student",
                             "main.equilibrium", "main.discriminator_loss", "main.student_loss", "main.gradient_norm"})
        BOOST_TEST(stage.metrics.values.contains(name), name);
    for (const char *name : {"main.accuracy", "main.penalty", "main.discriminator_class_loss",
                             "main.student_class_loss", "main.discriminator_steps", "main.balance"})
        BOOST_TEST(stage.metrics.values.contains(name), name);
    BOOST_TEST(stage.metrics.values.size() == 15U);
    BOOST_TEST(stage.metrics["main.equilibrium"] == 0.5);
    BOOST_TEST(stage.metrics["loss"] == stage.metrics["squares"] + stage.metrics["main.student_loss"],
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(stage.trainer->steps_per_epoch() == 3U);
    BOOST_TEST(stage.trainer->steps() == 12U);
    BOOST_TEST(stage.trainer->trains() == "student");
    BOOST_TEST(stage.surroundings.problems.items.empty());
}

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

BOOST_AUTO_TEST_CASE(the_teacher_stays_as_it_is_and_runs_without_noise) {
    Stage stage;
    const auto before = copy_of(stage.teacher.parameters().values);
    stage.run(12);
    BOOST_TEST(copy_of(stage.teacher.parameters().values) == before);
    for (const sdk::Mode mode : stage.teacher.modes)
        BOOST_TEST((mode == sdk::Mode::evaluate));
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

BOOST_AUTO_TEST_CASE(without_adversaries_it_is_supervised_training_byte_for_byte) {
    Stage stage;
    stage.settings.adversaries.clear();
    stage.settings.shift = 0;
    stage.run(12);
    BOOST_TEST(stage.teacher.forwards == 0);

    Stage other;
    trainer_supervised::Settings settings;
    settings.model.name = "student";
    settings.data.name = "data";
    settings.batch = 10;
    settings.epochs = 4;
    settings.optimizer = fake_optimizer(0.05F);
    settings.losses = {{fake_loss(sdk::Loss::On::labels), 1.0}};
    trainer_supervised::Supervised supervised(settings, other.context());
    supervised.prepare(false);
    for (std::uint64_t k = 0; k < 12; ++k)
        supervised.step(k, other.metrics);
    BOOST_TEST(stage.student_values() == other.student_values());
    BOOST_TEST(stage.metrics["loss"] == other.metrics["loss"]);
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
            BOOST_TEST((taken >= 20.0 && taken < 100.0));
    }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bytes) {
    Stage first;
    Stage second;
    for (Stage *stage : {&first, &second}) {
        stage->add_condition();
        stage->run(12);
    }
    BOOST_TEST(first.student_values() == second.student_values());
    BOOST_TEST((first.metrics.values == second.metrics.values));
}

BOOST_AUTO_TEST_CASE(several_pairs_adversaries_and_losses_train_together) {
    Stage stage;
    make_rich(stage);
    stage.run(12);
    BOOST_TEST(stage.surroundings.problems.items.empty());
    for (const char *name : {"main.d_teacher", "second.d_student", "squares", "squares_2", "squares_3.gradient_norm"})
        BOOST_TEST(stage.metrics.values.contains(name), name);
    BOOST_TEST(stage.metrics["loss"] == stage.metrics["squares"] + 0.5 * stage.metrics["squares_2"] +
                                            0.25 * stage.metrics["squares_3"] + stage.metrics["main.student_loss"] +
                                            stage.metrics["second.student_loss"],
               boost::test_tools::tolerance(1e-12));
}

/// The gradients after a step with all optimizers at rest, against differences of the reported loss. The whole dataset
/// is one batch, so every step sees the same examples.
BOOST_AUTO_TEST_CASE(gradients_of_student_and_its_heads_are_those_of_the_reported_loss) {
    Stage stage;
    make_rich(stage);
    FakeHead *projection = nullptr;
    stage.settings.pairs.items[1].second.student_head = fake_head({}, &projection);
    stage.settings.adversaries[1].pair = "hidden";
    stage.settings.adversaries[1].fresh_batches = false;
    stage.settings.adversaries.push_back(stage.adversary("third"));
    stage.settings.adversaries[2].pair = "hidden"; // its head's gradients come from two adversaries and a loss
    stage.settings.batch = 23;
    stage.settings.optimizer = fake_optimizer(0.0F);
    for (AdversarySettings &adversary : stage.settings.adversaries)
        adversary.optimizer = fake_optimizer(0.0F);
    stage.start();
    const auto loss = [&] {
        stage.trainer->step(0, stage.metrics);
        return stage.metrics["loss"];
    };
    loss();
    for (sdk::Trainable *trained :
         {static_cast<sdk::Trainable *>(&stage.student), static_cast<sdk::Trainable *>(projection)}) {
        const std::vector<float> gradient = copy_of(trained->parameters().gradients);
        check_gradient(loss, trained->parameters().values, gradient, 1e-2F, 5e-3);
        BOOST_TEST(sdk::norm({gradient.data(), 1, gradient.size(), gradient.size()}) > 0.01);
    }
}

BOOST_AUTO_TEST_CASE(a_restored_stage_goes_on_with_the_same_bytes) {
    for (const auto make : {make_rich, make_gaussian}) {
        Stage whole;
        Stage first;
        Stage resumed;
        for (Stage *stage : {&whole, &first, &resumed})
            make(*stage);
        whole.run(12);
        first.run(5);
        State state = State::of(*first.trainer);
        State student = State::of(first.student);
        resumed.build();
        student.restore(resumed.student); // the framework's part: models
        state.restore(*resumed.trainer);
        resumed.trainer->prepare(true);
        for (std::uint64_t k = 5; k < 12; ++k)
            resumed.trainer->step(k, resumed.metrics);
        BOOST_TEST(resumed.student_values() == whole.student_values());
        BOOST_TEST((resumed.metrics.values == whole.metrics.values));
        BOOST_TEST((State::of(*resumed.trainer) == State::of(*whole.trainer)));
        BOOST_TEST(resumed.condition_head->rows_seen == 0U); // fitted heads are state
    }
}

BOOST_AUTO_TEST_CASE(what_heads_were_fitted_to_and_trained_to_is_state) {
    Stage stage;
    make_gaussian(stage);
    stage.run(1);
    const State first = State::of(*stage.trainer);
    for (const char *name : {"pairs.hidden.teacher_head/shift", "pairs.hidden.teacher_head/scale",
                             "pairs.hidden.teacher_head/spread", "pairs.hidden.student_head/parameters"})
        BOOST_TEST(first.floats.count(name) == 1U, name);
    stage.trainer->step(1, stage.metrics);
    const State second = State::of(*stage.trainer);
    const std::vector<float> &before = first.floats.at("pairs.hidden.student_head/parameters");
    const std::vector<float> &after = second.floats.at("pairs.hidden.student_head/parameters");
    BOOST_TEST_REQUIRE(before.size() == 48U); // a projection of 2 to 5 and a scale of 5, padded
    for (const std::size_t first_of : {0U, 16U, 32U})
        BOOST_TEST(before[first_of] != after[first_of]);
    BOOST_TEST(
        (first.floats.at("pairs.hidden.teacher_head/spread") == second.floats.at("pairs.hidden.teacher_head/spread")));
}

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    for (const auto make : {make_rich, make_gaussian}) {
        Stage stage;
        make(stage);
        stage.run(6); // two epochs
        const std::size_t before = allocations();
        for (std::uint64_t k = 6; k < 12; ++k)
            stage.trainer->step(k, stage.metrics);
        BOOST_TEST(allocations() == before);
    }
}

BOOST_AUTO_TEST_CASE(epochs_and_evaluations_report_what_they_should) {
    Stage stage;
    stage.run(3);
    stage.metrics.values.clear();
    stage.trainer->end_epoch(stage.metrics);
    BOOST_TEST(stage.metrics["train_loss"] != 0.0);
    BOOST_TEST(stage.metrics["train_accuracy"] >= 0.0);
    for (const sdk::Split split : {sdk::Split::train, sdk::Split::validation}) {
        stage.metrics.values.clear();
        stage.trainer->evaluate(split, stage.metrics);
        const auto expected = sdk::Evaluator(stage.student, stage.data, split).run();
        BOOST_TEST(stage.metrics["accuracy"] == expected.accuracy);
        BOOST_TEST(stage.metrics["nll"] == expected.nll);
    }
}

BOOST_AUTO_TEST_CASE(the_phases_of_a_step_follow_each_other) {
    test::FakeProfiler profiler;
    Stage stage;
    stage.surroundings.services.profiled_by = &profiler;
    stage.run(1);
    const auto step = std::find(profiler.phases.begin(), profiler.phases.end(), "teacher") - 1;
    const std::vector<std::string> expected{"data",
                                            "teacher",
                                            "student forward",
                                            "heads",
                                            "discriminator main",
                                            "discriminator main/samples",
                                            "discriminator main/forward",
                                            "discriminator main/objective",
                                            "discriminator main/backward",
                                            "discriminator main/checks",
                                            "discriminator main/optimizer",
                                            "losses",
                                            "adversary main",
                                            "adversary main/samples",
                                            "adversary main/forward",
                                            "adversary main/objective",
                                            "adversary main/backward",
                                            "adversary main/heads backward",
                                            "student backward",
                                            "checks",
                                            "optimizer",
                                            "metrics"};
    BOOST_TEST(std::vector(step, profiler.phases.end()) == expected, boost::test_tools::per_element());
    BOOST_TEST(profiler.phases.front() == "cache teacher");
    BOOST_TEST(profiler.open.empty());
}

BOOST_AUTO_TEST_SUITE_END()
