// SPDX-License-Identifier: Apache-2.0
#include "stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <support/allocations.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

using namespace retort;
using namespace retort::test;

namespace {

/// Two pairs, two adversaries on the first, a trained student's head, a condition, and one loss of every kind.
void make_rich(Stage &stage) {
    stage.add_condition();
    PairSettings hidden;
    hidden.teacher_tap = hidden.student_tap = "hidden.0"; // 5 and 2 wide: the student's head projects
    hidden.teacher_head = fake_head({0, true, false});
    hidden.student_head = fake_head();
    stage.settings.pairs.items.emplace_back("hidden", hidden);
    stage.settings.adversaries.push_back(stage.adversary("second"));
    stage.settings.adversaries[1].discriminator_steps = 2;
    stage.settings.adversaries[1].fresh_batches = true;
    stage.settings.losses.push_back({fake_loss(sdk::Loss::On::logits), 0.5, {}});
    stage.settings.losses.push_back({fake_loss(sdk::Loss::On::distributions), 0.25, "hidden"});
}

/// All 23 examples as one batch.
struct Everything {
    explicit Everything(const sdk::Dataset &data) : inputs(23, 4), labels(23) {
        std::vector<std::uint64_t> ids(23);
        std::iota(ids.begin(), ids.end(), std::uint64_t{0});
        data.read(sdk::Split::train, ids, inputs.view(), labels);
    }

    [[nodiscard]] sdk::Batch batch() const { return {inputs.view(), labels, {}, 0}; }

    sdk::MatrixBuffer inputs;
    std::vector<std::int32_t> labels;
};

} // namespace

BOOST_AUTO_TEST_SUITE(test_adversarial_distillation_parts)

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

BOOST_AUTO_TEST_CASE(a_discriminator_is_given_the_condition_of_its_examples) {
    for (const std::uint64_t cache : {0U, 256U}) {
        Stage stage;
        stage.add_condition();
        stage.settings.batch = 23;
        stage.settings.teacher_cache = cache;
        stage.run(1);
        const sdk::ConstMatrix features = stage.discriminator->features.at(0);
        BOOST_TEST_REQUIRE(features.rows == 23U);
        BOOST_TEST_REQUIRE(features.columns == 5U);
        // The fake head centres the tap on its mean over the training data, and the batch is all of it.
        for (std::size_t c = 0; c < 5; ++c) {
            double sum = 0.0;
            for (std::size_t r = 0; r < 23; ++r)
                sum += static_cast<double>(features.row(r)[c]);
            BOOST_TEST(std::abs(sum) < 1e-4);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_discriminator_that_needs_no_condition_costs_none) {
    Stage stage;
    stage.add_condition();
    stage.settings.adversaries[0].discriminator = fake_discriminator(false, &stage.discriminator);
    stage.run(1);
    BOOST_TEST(stage.condition_head->rows_seen == 0U);
    BOOST_TEST(stage.discriminator->features.at(0).empty());
}

BOOST_AUTO_TEST_CASE(shifted_batches_run_the_teacher_on_what_the_student_sees) {
    Stage stage;
    stage.data.shape = {1, 2, 2, 0.0F};
    stage.settings.shift = 1;
    stage.settings.batch = 23;
    stage.settings.losses = {{fake_loss(sdk::Loss::On::logits), 1.0, {}}};
    stage.settings.optimizer = fake_optimizer(0.0F);
    FakeModel twin(4, 5, 3, 1); // the teacher's weights: no input tells them apart
    stage.parts.models["student"] = &twin;
    stage.settings.adversaries.clear();
    stage.start();
    BOOST_TEST(stage.teacher.forwards == 0);
    for (std::uint64_t k = 0; k < 3; ++k) {
        stage.trainer->step(k, stage.metrics);
        BOOST_TEST(stage.metrics["squares"] == 0.0);
    }
    BOOST_TEST(stage.teacher.forwards == 3);
}

BOOST_AUTO_TEST_CASE(a_restored_stage_goes_on_with_the_same_bytes) {
    Stage whole;
    Stage first;
    Stage resumed;
    for (Stage *stage : {&whole, &first, &resumed})
        make_rich(*stage);
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

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    Stage stage;
    make_rich(stage);
    stage.run(6); // two epochs
    const std::size_t before = allocations();
    for (std::uint64_t k = 6; k < 12; ++k)
        stage.trainer->step(k, stage.metrics);
    BOOST_TEST(allocations() == before);
}

BOOST_AUTO_TEST_CASE(preparing_stops_when_asked_to) {
    Stage stage;
    stage.add_condition();
    stage.surroundings.services.cancel = true;
    stage.start();
    BOOST_TEST(stage.teacher.forwards == 0);
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

BOOST_AUTO_TEST_SUITE_END()
