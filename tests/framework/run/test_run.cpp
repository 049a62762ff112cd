// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/run.hpp>
#include <retort/sdk/profile.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <support/allocations.hpp>
#include <support/fake_plan.hpp>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_run)

using namespace retort;
using framework::ErrorCode;

namespace {

/// The error that `call` throws; a failure of the test if there is none.
template <class Call> framework::Error error_of(Call &&call) {
    try {
        call();
    } catch (const framework::Error &error) {
        return error;
    }
    BOOST_FAIL("no error was thrown");
    return {ErrorCode::internal, {}, {}};
}

framework::Error run_error(test::FakePlan &fakes) {
    return error_of([&] {
        framework::Run run(fakes.plan(), {});
        run.execute();
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(observers_hear_everything_in_order) {
    test::FakePlan fakes;
    fakes.on_step = [](test::FakeTrainer &trainer, std::uint64_t k) {
        if (k == 4)
            trainer.services.event("alarm", "the loss rose");
    };
    framework::Run run(fakes.plan(), {});
    run.execute();
    const std::vector<std::string> expected{
        "begin_run",
        "begin_stage teach",
        "step 1 loss",
        "step 2 loss",
        "step 3 loss",
        "epoch 1 train_accuracy validation_accuracy validation_nll",
        "step 4 loss",
        "step 5 loss",
        "event 5 alarm the loss rose",
        "step 6 loss",
        "epoch 2 train_accuracy validation_accuracy validation_nll",
        "end_stage teach complete",
        "end_run",
    };
    BOOST_TEST(fakes.heard == expected, boost::test_tools::per_element());
}

// The alarm that stops a run, say.
BOOST_AUTO_TEST_CASE(observers_hear_the_events_of_a_step_that_fails) {
    test::FakePlan fakes;
    fakes.on_step = [](test::FakeTrainer &trainer, std::uint64_t k) {
        if (k != 4)
            return;
        trainer.services.event("alarm", "the loss rose");
        throw sdk::Error(sdk::ErrorKind::training, "alarm: the loss rose; stopped");
    };
    const framework::Error error = run_error(fakes);
    BOOST_TEST((error.code() == ErrorCode::training));
    BOOST_TEST(error.problems()[0].message == "alarm: the loss rose; stopped at step 5 of 6");
    BOOST_TEST_REQUIRE(fakes.heard.size() > 2U);
    BOOST_TEST(fakes.heard[fakes.heard.size() - 2] == "event 5 alarm the loss rose");
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(one_step_is_one_training_step) {
    test::FakePlan fakes;
    framework::Run run(fakes.plan(), {});
    BOOST_TEST(run.step()); // prepares the stage
    BOOST_TEST(fakes.heard.back() == "begin_stage teach");
    BOOST_TEST(run.step());
    BOOST_TEST(fakes.heard.back() == "step 1 loss");
    BOOST_TEST(run.reports().empty());
    while (run.step()) {
    }
    BOOST_TEST(!run.step()); // complete remains complete
    BOOST_TEST(run.reports().size() == 2U);
}

BOOST_AUTO_TEST_CASE(reports_tell_last_from_selected_weights) {
    test::FakePlan fakes; // the first epoch is the better one, after step 3
    std::vector<float> evaluated;
    fakes.make_model = [&](const auto &) {
        struct Watched : test::FakeModel {
            explicit Watched(std::vector<float> &e) : seen(e) {}
            std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override {
                seen.push_back(arena.values(0)[0]); // only the report makes passes of this model
                return FakeModel::make_pass(spec);
            }
            std::vector<float> &seen;
        };
        return std::make_unique<Watched>(evaluated);
    };
    framework::Run run(fakes.plan(), {});
    run.execute();
    const auto &reports = run.reports();
    BOOST_TEST_REQUIRE(reports.size() == 2U);
    BOOST_TEST(reports[0].weights == "last");
    BOOST_TEST(reports[1].weights == "selected");
    BOOST_TEST((evaluated == std::vector<float>{6.0F, 6.0F, 3.0F, 3.0F})); // each on validation data, then on test data
    BOOST_TEST(run.model("net").parameters().values[0] == 6.0F);           // the last ones are back
    for (const framework::Report &report : reports) {
        BOOST_TEST(report.model == "net");
        BOOST_TEST(report.stage == "teach");
        BOOST_TEST(report.data == "toy");
        BOOST_TEST(report.size == 6U);
        BOOST_TEST(report.parameters == 4U);
        BOOST_TEST(report.accuracy == 1.0 - static_cast<double>(report.errors) / 6.0);
    }
}

BOOST_AUTO_TEST_CASE(models_that_a_stage_writes_besides_are_reported) {
    test::FakePlan fakes;
    fakes.others = {"copy"};
    fakes.on_step = [](test::FakeTrainer &trainer, std::uint64_t k) {
        trainer.parts.model("copy").parameters().values[0] = static_cast<float>(10 * k);
    };
    framework::Plan plan = fakes.plan();
    plan.models.push_back(plan.models[0]);
    plan.models[1].name = "copy";
    plan.stages[0].models.emplace_back("copy");
    framework::Run run(plan, {});
    run.execute();
    BOOST_TEST_REQUIRE(run.reports().size() == 3U);
    BOOST_TEST(run.reports()[2].model == "copy");
    BOOST_TEST(run.reports()[2].weights == "last");
    BOOST_TEST(run.reports()[2].stage == "teach");
    BOOST_TEST(run.model("copy").parameters().values[0] == 50.0F);
}

BOOST_AUTO_TEST_CASE(test_split_is_read_by_the_report_alone) {
    test::FakePlan fakes;
    std::size_t before_report = 99;
    fakes.on_step = [&](auto &, std::uint64_t) { before_report = fakes.dataset->test_reads; };
    framework::Run run(fakes.plan(), {});
    run.execute();
    BOOST_TEST(before_report == 0U);
    BOOST_TEST(fakes.dataset->test_reads == 2U); // one batch for each of last and selected

    std::size_t reads = 99; // looked at while the run, and with it the dataset, is there
    fakes.on_step = [&](test::FakeTrainer &trainer, std::uint64_t) {
        const sdk::Dataset &data = trainer.parts.dataset("toy");
        sdk::MatrixBuffer inputs(1, 2);
        data.read(sdk::Split::validation, std::vector<std::uint64_t>{0}, inputs.view(), {});
        try {
            data.read(sdk::Split::test, std::vector<std::uint64_t>{0}, inputs.view(), {});
        } catch (...) {
            reads = fakes.dataset->test_reads;
            throw;
        }
    };
    const auto error = run_error(fakes);
    BOOST_TEST((error.code() == ErrorCode::plugin));
    BOOST_TEST(error.problems()[0].message.find("test split of dataset 'toy'") != std::string::npos);
    BOOST_TEST(error.problems()[0].plugin == "fake_trainer");
    BOOST_TEST(error.problems()[0].stage == "teach");
    BOOST_TEST(reads == 0U);
}

BOOST_AUTO_TEST_CASE(without_validation_data_nothing_is_selected) {
    test::FakePlan fakes;
    fakes.make_dataset = [](const auto &) {
        auto made = std::make_unique<test::FakeDataset>();
        made->validation = 0;
        return made;
    };
    framework::Run run(fakes.plan(), {});
    run.execute();
    BOOST_TEST_REQUIRE(run.reports().size() == 1U);
    BOOST_TEST(run.reports()[0].weights == "last");
    BOOST_TEST(fakes.heard[5] == "epoch 1 train_accuracy");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_stop_the_run) {
    for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        test::FakePlan fakes;
        fakes.on_step = [&](test::FakeTrainer &trainer, std::uint64_t k) { trainer.loss = k == 1 ? value : 1.0; };
        const auto error = run_error(fakes);
        BOOST_TEST((error.code() == ErrorCode::training));
        const std::string &message = error.problems()[0].message;
        BOOST_TEST(message ==
                   (std::isnan(value) ? "metric 'loss' is nan at step 2 of 6" : "metric 'loss' is inf at step 2 of 6"));
        BOOST_TEST(error.problems()[0].stage == "teach");
        BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
    }
}

BOOST_AUTO_TEST_CASE(a_last_step_that_spoils_the_weights_is_found) {
    test::FakePlan fakes;
    fakes.on_step = [&](test::FakeTrainer &trainer, std::uint64_t k) {
        if (k == 5)
            trainer.parts.model("net").parameters().values[1] = std::numeric_limits<float>::quiet_NaN();
    };
    const auto error = run_error(fakes);
    BOOST_TEST((error.code() == ErrorCode::training));
    BOOST_TEST(error.problems()[0].message == "a weight of 'net' is no finite number at step 6 of 6");
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(what_an_embedders_callback_throws_is_an_error_of_ours) {
    test::FakePlan fakes;
    framework::RunOptions options;
    options.progress = [](const framework::RunProgress &progress) {
        if (progress.done == 2 && progress.activity == "training")
            throw 42;
    };
    options.log = [](framework::LogLevel, std::string_view) { throw 43; }; // dropped
    framework::Run run(fakes.plan(), options);
    BOOST_TEST((error_of([&] { run.execute(); }).code() == ErrorCode::internal));
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
    BOOST_TEST((error_of([&] { run.step(); }).code() == ErrorCode::usage));
}

BOOST_AUTO_TEST_CASE(metrics_keep_their_names) {
    test::FakePlan fakes;
    fakes.make_trainer = [](const auto &context) {
        struct Changing : test::FakeTrainer {
            using FakeTrainer::FakeTrainer;
            void step(std::uint64_t k, sdk::Metrics &metrics) override { metrics.add(k == 2 ? "other" : "loss", 1.0); }
        };
        return std::make_unique<Changing>(context, "net");
    };
    const auto error = run_error(fakes);
    BOOST_TEST((error.code() == ErrorCode::plugin));
    BOOST_TEST(
        error.problems()[0].message ==
        "metric 'other' was reported where 'loss' stood the first time: the names must not change; at step 3 of 6");
}

BOOST_AUTO_TEST_CASE(cancel_ends_the_call_in_progress_after_its_step) {
    test::FakePlan fakes;
    std::optional<framework::Run> run;
    fakes.on_step = [&](auto &, std::uint64_t k) {
        if (k == 3)
            std::thread([&] { run->cancel(); }).join();
    };
    run.emplace(fakes.plan(), framework::RunOptions{});
    const auto error = error_of([&] { run->execute(); });
    BOOST_TEST((error.code() == ErrorCode::cancelled));
    BOOST_TEST(fakes.heard[fakes.heard.size() - 2] == "step 4 loss");
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
    BOOST_TEST((error_of([&] { run->step(); }).code() == ErrorCode::usage));
}

BOOST_AUTO_TEST_CASE(cancel_reaches_preparations) {
    test::FakePlan fakes;
    std::optional<framework::Run> run;
    bool seen = false;
    fakes.on_prepare = [&](test::FakeTrainer &trainer) {
        run->cancel();
        seen = trainer.services.cancelled();
    };
    run.emplace(fakes.plan(), framework::RunOptions{});
    BOOST_TEST((error_of([&] { run->execute(); }).code() == ErrorCode::cancelled));
    BOOST_TEST(seen);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_dropped_tells_observers) {
    test::FakePlan fakes;
    {
        framework::Run run(fakes.plan(), {});
        run.step();
        run.step();
    }
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(progress_and_log_reach_the_embedder) {
    test::FakePlan fakes;
    fakes.on_prepare = [](test::FakeTrainer &trainer) {
        trainer.services.progress("caching teacher outputs", 1, 2);
        trainer.services.warn("few examples");
    };
    std::vector<std::string> activities;
    std::vector<std::string> warnings;
    framework::RunOptions options;
    options.progress = [&](const framework::RunProgress &progress) {
        if (activities.empty() || activities.back() != progress.activity)
            activities.emplace_back(progress.activity);
    };
    options.log = [&](framework::LogLevel level, std::string_view message) {
        if (level == framework::LogLevel::warning)
            warnings.emplace_back(message);
    };
    framework::Run run(fakes.plan(), options);
    run.execute();
    const std::vector<std::string> expected{"reading data", "preparing", "caching teacher outputs", "training",
                                            "evaluating"};
    BOOST_TEST(activities == expected, boost::test_tools::per_element());
    BOOST_TEST(warnings == std::vector<std::string>{"few examples"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    for (const bool profile : {false, true}) {
        test::FakePlan fakes;
        fakes.make_observer = [](const auto &) { return std::make_unique<sdk::Observer>(); };
        framework::RunOptions options;
        options.progress = [](const framework::RunProgress &) {};
        options.profile = profile;
        framework::Run run(fakes.plan(), options);
        for (int i = 0; i < 5; ++i) // preparation, and the first epoch of three steps
            run.step();
        const std::size_t before = test::allocations();
        run.step();
        BOOST_TEST(test::allocations() == before);
        while (run.step()) {
        }
        BOOST_TEST(test::allocations() > before); // else nothing was counted
    }
}

BOOST_AUTO_TEST_CASE(a_profile_tells_of_the_run_so_far) {
    test::FakePlan fakes;
    fakes.on_step = [](test::FakeTrainer &trainer, std::uint64_t) {
        const sdk::Phase phase(trainer.services, "forward");
        trainer.services.count_operations(5);
    };
    framework::RunOptions options;
    options.profile = true;
    framework::Run run(fakes.plan(), options);
    BOOST_TEST(run.profile().empty());
    for (int i = 0; i < 4; ++i)
        run.step();
    const auto found = [&](std::string_view path) {
        for (const framework::ProfiledPhase &phase : run.profile())
            if (phase.path == path)
                return phase;
        BOOST_FAIL("no phase " << path);
        return framework::ProfiledPhase{};
    };
    BOOST_TEST(found("run/teach/step/forward").calls == 3U);
    BOOST_TEST(found("run/teach").operations == 15U);
    BOOST_TEST(found("run/teach/validation").calls == 1U);
    run.cancel();
    BOOST_TEST((error_of([&] { run.execute(); }).code() == ErrorCode::cancelled));
    BOOST_TEST(found("run/start").calls == 1U);
    BOOST_TEST(found("run/teach/step").calls == 3U);
    BOOST_TEST(found("run").calls == 6U); // of start, and of step five times
}

BOOST_AUTO_TEST_CASE(without_being_asked_a_run_has_no_profile) {
    test::FakePlan fakes;
    framework::Run run(fakes.plan(), {});
    run.execute();
    BOOST_TEST(run.profile().empty());
}

BOOST_AUTO_TEST_CASE(two_runs_in_one_process_do_not_meet) {
    test::FakePlan first;
    test::FakePlan second;
    framework::Run one(first.plan(), {});
    framework::Run two(second.plan(), {});
    while (one.step())
        if (first.heard.size() == 4)
            two.cancel();
    BOOST_TEST(one.reports().size() == 2U);
    BOOST_TEST((error_of([&] { two.execute(); }).code() == ErrorCode::cancelled));
    BOOST_TEST(second.heard.empty());
}

BOOST_AUTO_TEST_CASE(unknown_names_are_errors) {
    test::FakePlan fakes;
    framework::Run run(fakes.plan(), {});
    BOOST_TEST(&run.dataset("toy") == fakes.dataset);
    BOOST_TEST(error_of([&] { (void)run.model("none"); }).problems()[0].message ==
               "there is no model 'none' in the manifest");
    BOOST_TEST(error_of([&] { (void)run.dataset("none"); }).problems()[0].message ==
               "there is no dataset 'none' in the manifest");
}

BOOST_AUTO_TEST_SUITE_END()
