// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/log.hpp>
#include <retort/framework/run.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_log)

using namespace retort;
using framework::LogLevel;

BOOST_AUTO_TEST_CASE(levels_rise) {
    BOOST_TEST((LogLevel::debug < LogLevel::info && LogLevel::info < LogLevel::warning &&
                LogLevel::warning < LogLevel::error && LogLevel::error < LogLevel::off));
}

BOOST_AUTO_TEST_CASE(what_components_say_reaches_the_sink_with_its_level) {
    test::FakePlan fakes;
    fakes.on_prepare = [](test::FakeTrainer &trainer) {
        trainer.services.warn("too few examples");
        trainer.services.info("fitted");
        trainer.services.event("alarm", "too loud");
        trainer.services.event("change", "quieter");
    };
    using Line = std::pair<LogLevel, std::string>;
    std::vector<Line> heard;
    framework::RunOptions options;
    options.log = [&](LogLevel level, std::string_view message) { heard.emplace_back(level, message); };
    framework::Run(fakes.plan(), options).execute();
    const Line expected[] = {{LogLevel::warning, "too few examples"},
                             {LogLevel::info, "fitted"},
                             {LogLevel::warning, "alarm: too loud"},
                             {LogLevel::info, "change: quieter"}};
    BOOST_TEST((std::search(heard.begin(), heard.end(), std::begin(expected), std::end(expected)) != heard.end()));
}

BOOST_AUTO_TEST_CASE(what_a_sink_throws_is_dropped) {
    test::FakePlan fakes;
    framework::RunOptions options;
    options.log = [](LogLevel, std::string_view) { throw std::runtime_error("the sink is full"); };
    framework::Run run(fakes.plan(), options);
    run.execute();
    BOOST_TEST(run.reports().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
