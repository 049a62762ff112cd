// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <framework/source/run/progress.hpp>
#include <optional>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_progress)

using namespace retort;
using framework::RunProgress;

BOOST_AUTO_TEST_CASE(an_activity_is_told_with_its_stage) {
    std::optional<RunProgress> told;
    framework::ProgressTeller teller([&](const RunProgress &progress) { told = progress; }, 3);
    teller.activity("reading data", 1, 2);
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->stage == "");
    teller.begin_stage(2, "distil");
    teller.activity("caching", 5, 9);
    BOOST_TEST(told->stage == "distil");
    BOOST_TEST(told->stage_index == 2U);
    BOOST_TEST(told->stages == 3U);
    BOOST_TEST(told->activity == "caching");
    BOOST_TEST(told->done == 5U);
    BOOST_TEST(told->total == 9U);
    BOOST_TEST(told->steps_per_epoch == 0U);
    BOOST_TEST(told->metrics.empty());
}

BOOST_AUTO_TEST_CASE(training_is_told_with_its_metrics) {
    std::optional<RunProgress> told;
    framework::ProgressTeller teller([&](const RunProgress &progress) { told = progress; }, 1);
    teller.begin_stage(0, "teach");
    const sdk::StageInfo stage{"teach", "supervised", "teacher", 60, 20};
    const sdk::Metric metrics[] = {{"loss", 0.5}};
    teller.training(40, stage, metrics, true);
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->activity == "training");
    BOOST_TEST(told->done == 40U);
    BOOST_TEST(told->total == 60U);
    BOOST_TEST(told->steps_per_epoch == 20U);
    BOOST_TEST(told->metrics.data() == metrics);
    BOOST_TEST(told->epoch_ended);
    teller.training(41, stage, metrics, false);
    BOOST_TEST(!told->epoch_ended);
    teller.activity("evaluating", 0, 1); // what training said is not told again
    BOOST_TEST(told->steps_per_epoch == 0U);
    BOOST_TEST(told->metrics.empty());
}

BOOST_AUTO_TEST_CASE(the_clock_starts_with_the_stage) {
    double told = -1.0;
    framework::ProgressTeller teller([&](const RunProgress &progress) { told = progress.seconds; }, 2);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const double before = teller.seconds();
    BOOST_TEST(before >= 0.02);
    const auto begin = std::chrono::steady_clock::now();
    teller.begin_stage(0, "teach");
    teller.activity("preparing", 0, 0);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(told >= 0.0);
    BOOST_TEST(told <= passed.count());
}

BOOST_AUTO_TEST_CASE(nobody_need_listen) {
    framework::ProgressTeller teller({}, 1);
    BOOST_CHECK_NO_THROW(teller.activity("reading data", 0, 0));
}

BOOST_AUTO_TEST_SUITE_END()
