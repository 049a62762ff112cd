// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <framework/source/run/stage_loop.hpp>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_stage_loop)

using namespace retort;
using framework::StageLoop;
using framework::StageRecord;

namespace {

/// The surroundings of the one stage of a plan of fakes.
struct Fixture {
    explicit Fixture(framework::Plan all) : plan(std::move(all)) {}

    std::unique_ptr<StageLoop> loop(bool validates = true) {
        return std::make_unique<StageLoop>(framework::LoopSurroundings{components, services, log, observers, progress},
                                           components.trainers[0], "fake", validates);
    }

    framework::Plan plan;
    std::vector<std::string> logged;
    framework::RunLog log{[this](framework::LogLevel, std::string_view line) { logged.emplace_back(line); }};
    framework::RunServices services{1, log};
    framework::ProgressTeller progress{{}, 1};
    framework::Components components{plan, services, {}};
    framework::Observers observers{components.observers, log};
};

/// Runs a loop to its end.
StageRecord record_of(StageLoop &loop) {
    loop.prepare();
    while (loop.step()) {
    }
    return loop.finish();
}

auto training_error(const std::string &message) {
    return [message](const framework::Error &error) {
        const framework::Problem &problem = error.problems().at(0);
        BOOST_TEST(problem.message == message);
        BOOST_TEST(problem.where == "/stages/teach");
        BOOST_TEST(problem.plugin == "fake_trainer");
        BOOST_TEST(problem.stage == "teach");
        return error.code() == framework::ErrorCode::training;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_stage_steps_to_its_end_and_leaves_a_record) {
    test::FakePlan fakes;
    Fixture fixture(fakes.plan());
    const auto loop = fixture.loop();
    loop->prepare();
    for (int step = 0; step < 6; ++step)
        BOOST_TEST(loop->step());
    const std::size_t heard = fakes.heard.size();
    BOOST_TEST(!loop->step());
    BOOST_TEST(fakes.heard.size() == heard); // no step was done
    const StageRecord record = loop->finish();
    BOOST_TEST(fakes.heard.back() == "end_stage teach complete");
    BOOST_TEST(record.name == "teach");
    BOOST_TEST(record.type == "fake");
    BOOST_TEST(record.model == "net");
    BOOST_TEST(record.steps == 6U);
    BOOST_TEST(record.steps_per_epoch == 3U);
    BOOST_TEST(record.seconds >= 0.0);
    BOOST_TEST(record.selected_epoch == 1U); // accuracy 0.75, then 0.5
    BOOST_TEST(record.selected.at(0) == 3.0F);
    BOOST_TEST(record.last.empty()); // the model has them
    BOOST_TEST(fakes.model->parameters().values[0] == 6.0F);
    const std::vector<std::pair<std::string, double>> metrics{
        {"train_accuracy", 0.25}, {"validation_accuracy", 0.5}, {"validation_nll", 0.5}};
    BOOST_CHECK(record.metrics == metrics);
}

BOOST_AUTO_TEST_CASE(without_validation_nothing_is_evaluated_or_selected) {
    test::FakePlan fakes;
    fakes.accuracies = {}; // evaluating would throw
    Fixture fixture(fakes.plan());
    const StageRecord record = record_of(*fixture.loop(false));
    BOOST_TEST(record.selected_epoch == 0U);
    BOOST_TEST(record.selected.empty());
    BOOST_TEST(record.metrics.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_dropped_tells_observers) {
    test::FakePlan fakes;
    Fixture fixture(fakes.plan());
    auto loop = fixture.loop();
    loop->prepare();
    BOOST_TEST(loop->step());
    loop.reset();
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(metrics_that_are_no_numbers_end_it) {
    test::FakePlan fakes;
    fakes.on_step = [](test::FakeTrainer &trainer, std::uint64_t k) { trainer.loss = k == 3 ? std::nan("") : 1.0; };
    Fixture fixture(fakes.plan());
    BOOST_CHECK_EXCEPTION(record_of(*fixture.loop()), framework::Error,
                          training_error("metric 'loss' is nan at step 4 of 6"));
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(a_trainer_that_finds_no_numbers_need_not_know_its_step) {
    test::FakePlan fakes;
    fakes.on_step = [](test::FakeTrainer &, std::uint64_t k) {
        if (k == 1)
            throw sdk::Error(sdk::ErrorKind::training, "the gradient is nan");
    };
    Fixture fixture(fakes.plan());
    BOOST_CHECK_EXCEPTION(record_of(*fixture.loop()), framework::Error,
                          training_error("the gradient is nan at step 2 of 6"));
}

BOOST_AUTO_TEST_CASE(weights_that_are_no_numbers_after_the_last_step_are_found) {
    test::FakePlan fakes;
    fakes.on_step = [](test::FakeTrainer &trainer, std::uint64_t k) {
        if (k == 5)
            trainer.parts.model("net").parameters().values[1] = INFINITY;
    };
    Fixture fixture(fakes.plan());
    BOOST_CHECK_EXCEPTION(record_of(*fixture.loop()), framework::Error,
                          training_error("a weight of 'net' is no finite number at step 6 of 6"));
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(events_reach_observers_when_the_call_has_returned) {
    test::FakePlan fakes;
    fakes.on_prepare = [](test::FakeTrainer &trainer) { trainer.services.event("fitted", "well"); };
    Fixture fixture(fakes.plan());
    const auto loop = fixture.loop();
    BOOST_TEST(fakes.heard == std::vector<std::string>{"begin_stage teach"}, boost::test_tools::per_element());
    loop->prepare();
    BOOST_TEST(fakes.heard.back() == "event 0 fitted well");
}

BOOST_AUTO_TEST_CASE(each_epoch_is_logged) {
    test::FakePlan fakes;
    Fixture fixture(fakes.plan());
    record_of(*fixture.loop());
    const std::vector<std::string> expected{"epoch 1: train_accuracy 0.25 validation_accuracy 0.75 validation_nll 0.5",
                                            "epoch 2: train_accuracy 0.25 validation_accuracy 0.5 validation_nll 0.5"};
    BOOST_TEST(fixture.logged == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_change_is_made_between_epochs_and_told) {
    struct Changeable : test::FakeTrainer {
        using FakeTrainer::FakeTrainer;

        void check_change(std::span<const std::string>, sdk::Problems &) const override {}

        void change(sdk::Trainer &changed, std::span<const std::string> settings, sdk::Random random) override {
            BOOST_TEST((&changed != this));
            BOOST_TEST(settings.size() == 1U);
            BOOST_TEST(settings[0] == "/lambda");
            services.event("note", std::to_string(random.bits(0)));
        }
    };
    test::FakePlan fakes;
    fakes.make_trainer = [](const auto &context) { return std::make_unique<Changeable>(context, "net"); };
    framework::Plan plan = fakes.plan();
    framework::PlannedChange change{1, "/changes/0", plan.stages[0], {}, {}};
    change.settings.push_back({"/lambda", "/stages/teach/lambda", 1, 0.5});
    Fixture fixture(plan);
    const auto loop = fixture.loop();
    loop->prepare();
    BOOST_TEST(loop->next_boundary() == 1U);
    for (int step = 0; step < 3; ++step) {
        BOOST_TEST(!loop->between_epochs());
        loop->step();
    }
    BOOST_TEST(loop->between_epochs());
    BOOST_TEST(loop->next_boundary() == 1U);
    BOOST_TEST(loop->is_followed(1));
    BOOST_TEST(!loop->is_followed(2));
    BOOST_TEST(!loop->change(change));
    const std::string bits = std::to_string(fixture.components.change_random("teach", 1).bits(0));
    const std::vector<std::string> last{"event 3 note " + bits, "event 3 change /stages/teach/lambda: 1 -> 0.5"};
    const std::vector<std::string> heard(fakes.heard.end() - 2, fakes.heard.end());
    BOOST_TEST(heard == last, boost::test_tools::per_element());
    BOOST_TEST(
        (fixture.components.change_random("teach", 2).bits(0) != fixture.components.change_random("teach", 1).bits(0)));
    loop->step();
    BOOST_TEST(loop->next_boundary() == 2U);
}

BOOST_AUTO_TEST_CASE(a_change_that_throws_is_told_and_returned_unless_it_was_cancelled) {
    struct Failing : test::FakeTrainer {
        using FakeTrainer::FakeTrainer;

        void change(sdk::Trainer &, std::span<const std::string>, sdk::Random) override {
            if (services.cancelled())
                throw framework::Error(framework::ErrorCode::cancelled, {}, "it was cancelled");
            throw std::runtime_error("the motor is stuck");
        }
    };
    test::FakePlan fakes;
    fakes.make_trainer = [](const auto &context) { return std::make_unique<Failing>(context, "net"); };
    framework::Plan plan = fakes.plan();
    framework::PlannedChange change{1, "/changes/0", plan.stages[0], {}, {}};
    change.settings.push_back({"/lambda", "/stages/teach/lambda", 1, 0.5});
    Fixture fixture(plan);
    const auto loop = fixture.loop();
    loop->prepare();
    for (int step = 0; step < 3; ++step)
        loop->step();
    const std::optional<framework::Error> refused = loop->change(change);
    BOOST_TEST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->what() ==
               std::string("/stages/teach: the motor is stuck; at step 3 of 6 [plugin fake_trainer, stage teach]"));
    loop->refuse(change, "why");
    BOOST_TEST(fakes.heard.back() == "event 3 refused change /stages/teach/lambda: 0.5: why");
    fixture.services.cancel();
    BOOST_CHECK_THROW((void)loop->change(change), framework::Error);
}

BOOST_AUTO_TEST_SUITE_END()
