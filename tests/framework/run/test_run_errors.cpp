// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/run.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_run_errors)

using namespace retort;
using framework::ErrorCode;

namespace {

framework::Error error_of(test::FakePlan &fakes) {
    try {
        framework::Run run(fakes.plan(), {});
        run.execute();
    } catch (const framework::Error &error) {
        return error;
    }
    BOOST_FAIL("no error was thrown");
    return {ErrorCode::internal, {}, {}};
}

/// An exception of some type, and what must come out.
struct Case {
    const char *name;
    std::function<void()> raise;
    ErrorCode code;
    std::string where;
    std::string message;
    std::string plugin;
};

const std::vector<Case> cases{
    {"settings", [] { throw sdk::Error(sdk::ErrorKind::settings, "no such tap", "/tap", "mine"); }, ErrorCode::manifest,
     "/stages/teach/tap", "no such tap", "mine"},
    {"plugin", [] { throw sdk::Error(sdk::ErrorKind::plugin, "broken"); }, ErrorCode::plugin, "/stages/teach", "broken",
     "fake_trainer"},
    {"data", [] { throw sdk::Error(sdk::ErrorKind::data, "damaged"); }, ErrorCode::data, "/stages/teach", "damaged",
     "fake_trainer"},
    {"training", [] { throw sdk::Error(sdk::ErrorKind::training, "alarm"); }, ErrorCode::training, "/stages/teach",
     "alarm", "fake_trainer"},
    {"output", [] { throw sdk::Error(sdk::ErrorKind::output, "full"); }, ErrorCode::output, "/stages/teach", "full",
     "fake_trainer"},
    {"cancelled", [] { throw sdk::Error(sdk::ErrorKind::cancelled, "stopped"); }, ErrorCode::cancelled, "/stages/teach",
     "stopped", "fake_trainer"},
    {"standard", [] { throw std::runtime_error("oops"); }, ErrorCode::plugin, "/stages/teach", "oops", "fake_trainer"},
    {"memory", [] { throw std::bad_alloc(); }, ErrorCode::plugin, "/stages/teach", "out of memory", "fake_trainer"},
    {"no exception type", [] { throw 42; }, ErrorCode::plugin, "/stages/teach",
     "threw something that is no std::exception", "fake_trainer"},
};

void check(const Case &expected, const framework::Error &error) {
    BOOST_TEST((error.code() == expected.code));
    BOOST_TEST_REQUIRE(error.problems().size() == 1U);
    const framework::Problem &problem = error.problems()[0];
    BOOST_TEST(problem.where == expected.where);
    BOOST_TEST(problem.message == expected.message);
    BOOST_TEST(problem.plugin == expected.plugin);
    BOOST_TEST(problem.stage == "teach");
}

} // namespace

BOOST_AUTO_TEST_CASE(whatever_a_step_throws_becomes_an_error) {
    for (Case expected : cases)
        BOOST_TEST_CONTEXT(expected.name) {
            if (expected.code != ErrorCode::cancelled)
                expected.message += expected.code == ErrorCode::training ? " at step 1 of 6" : "; at step 1 of 6";
            test::FakePlan fakes;
            fakes.on_step = [&](auto &, std::uint64_t) { expected.raise(); };
            check(expected, error_of(fakes));
            BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
        }
}

BOOST_AUTO_TEST_CASE(whatever_a_preparation_or_a_constructor_throws_becomes_an_error) {
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.name) {
            test::FakePlan preparing;
            preparing.on_prepare = [&](auto &) { expected.raise(); };
            check(expected, error_of(preparing));
            test::FakePlan constructing;
            constructing.make_trainer = [&](const auto &context) {
                expected.raise();
                return std::make_unique<test::FakeTrainer>(context, "net");
            };
            check(expected, error_of(constructing));
            BOOST_TEST(constructing.heard.empty());
        }
}

BOOST_AUTO_TEST_CASE(what_the_progress_callback_throws_is_never_a_plugins) {
    const auto prepare = [](test::FakeTrainer &trainer) { trainer.services.progress("caching", 1, 2); };
    for (const char *activity : {"reading data", "preparing", "caching", "training", "evaluating"})
        BOOST_TEST_CONTEXT(activity) {
            test::FakePlan fakes;
            fakes.on_prepare = prepare;
            framework::RunOptions options;
            options.progress = [&](const framework::RunProgress &progress) {
                if (progress.activity == activity)
                    throw std::runtime_error("the window was closed");
            };
            framework::Run run(fakes.plan(), options);
            const auto expected = [](const framework::Error &error) {
                return error.code() == ErrorCode::internal && error.problems().size() == 1 &&
                       error.problems()[0].message == "the window was closed" && error.problems()[0].plugin.empty() &&
                       error.problems()[0].where.empty();
            };
            BOOST_CHECK_EXCEPTION(run.execute(), framework::Error, expected);
        }
}

BOOST_AUTO_TEST_CASE(every_mistake_of_construction_is_reported) {
    test::FakePlan fakes;
    fakes.make_model = [](const sdk::ModelContext &context) -> std::unique_ptr<sdk::Model> {
        context.problems.add("/models/net/hidden/0", "too wide");
        context.problems.add("/models/net/hidden/1", "too narrow");
        return std::make_unique<test::FakeModel>();
    };
    fakes.make_trainer = [](const auto &) -> std::unique_ptr<sdk::Trainer> {
        throw std::logic_error("must not be built: its model is not there");
    };
    fakes.make_observer = [](const auto &) -> std::unique_ptr<sdk::Observer> {
        throw sdk::Error(sdk::ErrorKind::settings, "no such format", "/format");
    };
    const auto error = error_of(fakes);
    BOOST_TEST((error.code() == ErrorCode::manifest));
    BOOST_TEST_REQUIRE(error.problems().size() == 3U);
    BOOST_TEST(error.problems()[0].where == "/models/net/hidden/0");
    BOOST_TEST(error.problems()[0].plugin == "fake_model");
    BOOST_TEST(error.problems()[1].message == "too narrow");
    BOOST_TEST(error.problems()[2].where == "/observers/0/format");
}

BOOST_AUTO_TEST_CASE(a_dataset_that_fails_is_an_error_before_anything_begins) {
    test::FakePlan fakes;
    fakes.make_dataset = [](const auto &) {
        struct Damaged : test::FakeDataset {
            void load() override { throw sdk::Error(sdk::ErrorKind::data, "truncated", "/directory"); }
        };
        return std::make_unique<Damaged>();
    };
    const auto error = error_of(fakes);
    BOOST_TEST((error.code() == ErrorCode::data));
    BOOST_TEST(error.problems()[0].where == "/data/toy/directory");
    BOOST_TEST(error.problems()[0].plugin == "fake_data");
    BOOST_TEST(fakes.heard.empty());
}

BOOST_AUTO_TEST_CASE(an_observer_that_fails_stops_the_run) {
    test::FakePlan fakes;
    fakes.make_observer = [&](const auto &) {
        struct Failing : test::FakeObserver {
            using FakeObserver::FakeObserver;
            void step(const sdk::StageInfo &, std::uint64_t, std::span<const sdk::Metric>) override {
                throw sdk::Error(sdk::ErrorKind::output, "the disk is full");
            }
        };
        return std::make_unique<Failing>(fakes.heard);
    };
    const auto error = error_of(fakes);
    BOOST_TEST((error.code() == ErrorCode::output));
    BOOST_TEST(error.problems()[0].where == "/observers/0");
    BOOST_TEST(error.problems()[0].plugin == "fake_observer");
    BOOST_TEST(error.problems()[0].stage == "teach");
    BOOST_TEST(fakes.heard.back() == "end_stage teach incomplete");
}

BOOST_AUTO_TEST_CASE(a_trainer_must_train_a_model_of_the_manifest) {
    test::FakePlan fakes;
    fakes.make_trainer = [](const auto &context) { return std::make_unique<test::FakeTrainer>(context, "other"); };
    const auto error = error_of(fakes);
    BOOST_TEST((error.code() == ErrorCode::plugin));
    BOOST_TEST(error.problems()[0].message == "there is no model 'other' in the manifest");
}

BOOST_AUTO_TEST_CASE(evaluation_must_give_what_selection_needs) {
    test::FakePlan fakes;
    fakes.make_trainer = [](const auto &context) {
        struct Silent : test::FakeTrainer {
            using FakeTrainer::FakeTrainer;
            void evaluate(sdk::Split, sdk::Metrics &metrics) override { metrics.add("accuracy", 1.0); }
        };
        return std::make_unique<Silent>(context, "net");
    };
    const auto error = error_of(fakes);
    BOOST_TEST((error.code() == ErrorCode::plugin));
    BOOST_TEST(error.problems()[0].message.find("lacks 'accuracy' or 'nll'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_model_without_taps_is_refused) {
    test::FakePlan fakes;
    fakes.make_model = [](const auto &) {
        auto made = std::make_unique<test::FakeModel>();
        made->has_taps = false;
        return made;
    };
    const framework::Error error = error_of(fakes);
    BOOST_TEST((error.code() == ErrorCode::plugin));
    BOOST_TEST(error.what() ==
               std::string("/models/net: the model has no taps; its last must be the logits [plugin fake_model]"));
}

BOOST_AUTO_TEST_SUITE_END()
