// SPDX-License-Identifier: Apache-2.0
#include "gaussian_stage.hpp"
#include "mistakes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <support/allocations.hpp>
#include <support/fake_profiler.hpp>
#include <support/numeric.hpp>
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
    {"augmentation of what is no image",
     [](Stage &stage) { stage.settings.augmentation.shift = 1; },
     {"/augmentation"},
     "no images"},
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
                             "main.student_class_loss", "main.discriminator_steps", "main.balance", "main.score_spread",
                             "main.student_gradient_norm", "main.gradient_cosine", "squares.student_gradient_norm"})
        BOOST_TEST(stage.metrics.values.contains(name), name);
    BOOST_TEST(stage.metrics.values.size() == 19U);
    BOOST_TEST(stage.metrics["main.equilibrium"] == 0.5);
    BOOST_TEST(stage.metrics["loss"] == stage.metrics["squares"] + stage.metrics["main.student_loss"],
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(stage.trainer->steps_per_epoch() == 3U);
    BOOST_TEST(stage.trainer->steps() == 12U);
    BOOST_TEST(stage.trainer->trains() == "student");
    BOOST_TEST(stage.surroundings.problems.items.empty());
}

BOOST_AUTO_TEST_CASE(the_optimizers_are_told_how_many_examples_there_are) {
    Stage stage;
    FakeOptimizer *of_student = nullptr;
    stage.settings.optimizer = fake_optimizer(0.05F, &of_student);
    stage.build();
    BOOST_TEST(of_student->examples == 23U);
    BOOST_TEST(stage.discriminator_optimizer->examples == 23U);
}

BOOST_AUTO_TEST_CASE(the_teacher_stays_as_it_is_and_runs_without_noise) {
    Stage stage;
    const auto before = copy_of(stage.teacher.parameters().values);
    stage.run(12);
    BOOST_TEST(copy_of(stage.teacher.parameters().values) == before);
    for (const sdk::Mode mode : stage.teacher.modes)
        BOOST_TEST((mode == sdk::Mode::evaluate));
}

BOOST_AUTO_TEST_CASE(without_adversaries_it_is_supervised_training_byte_for_byte) {
    Stage stage;
    stage.settings.adversaries.clear();
    stage.settings.augmentation.shift = 0;
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
        BOOST_TEST(largest(gradient) > 10 * 5e-3); // ten times the tolerance
    }
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
                                            "telemetry",
                                            "student backward",
                                            "checks",
                                            "optimizer",
                                            "metrics"};
    BOOST_TEST(std::vector(step, profiler.phases.end()) == expected, boost::test_tools::per_element());
    BOOST_TEST(profiler.phases.front() == "cache teacher");
    BOOST_TEST(profiler.open.empty());
}

BOOST_AUTO_TEST_SUITE_END()
