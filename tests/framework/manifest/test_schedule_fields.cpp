// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/schedule_fields.hpp>
#include <framework/source/schema/describer.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(test_schedule_fields)

using namespace retort;
using sdk::Schedule;

namespace {

Schedule warmed(Schedule schedule) {
    schedule.warm_up = 0.25;
    return schedule;
}

} // namespace

BOOST_AUTO_TEST_CASE(members_are_shown_with_their_bounds) {
    Schedule schedule(Schedule::Shape::cosine, 0.5, 0.125);
    framework::Describer shown;
    framework::visit_schedule(schedule, {0, 10}, shown);
    BOOST_TEST(framework::to_text(shown.values()) ==
               R"({"schedule": "cosine", "value": 0.5, "final": 0.125, "warm_up": 0, "every": )" +
                   framework::to_text(schedule.every) + R"(, "factor": )" + framework::to_text(schedule.factor) + "}");
    const struct {
        std::size_t index;
        double minimum, maximum;
    } bounds[] = {{1, 0, 10}, {2, 0, 10}, {3, 0, 1}, {4, 0.0001, 1}, {5, 0, 1}};
    for (const auto &expected : bounds) {
        BOOST_TEST(shown.descriptions()[expected.index].at("minimum").as_double() == expected.minimum);
        BOOST_TEST(shown.descriptions()[expected.index].at("maximum").as_double() == expected.maximum);
    }
}

BOOST_AUTO_TEST_CASE(a_value_warms_up_from_0_where_it_may_be_0) {
    const struct {
        sdk::Range range;
        double most;
    } cases[] = {{{0, 10}, 1}, {{-1, 1}, 1}, {{}, 1}, {{0.05, 10}, 0}, {{1}, 0}, {{-2, -1}, 0}};
    for (const auto &[range, most] : cases)
        BOOST_TEST_CONTEXT(range.minimum << " to " << range.maximum) {
            Schedule schedule;
            framework::Describer shown;
            framework::visit_schedule(schedule, range, shown);
            const boost::json::value &warm_up = shown.descriptions()[3];
            BOOST_TEST(framework::to_text(warm_up.at("name")) == R"("warm_up")");
            BOOST_TEST(warm_up.at("maximum").as_double() == most);
            const std::string documentation = framework::to_text(warm_up.at("documentation"));
            BOOST_TEST(documentation.starts_with(most > 0 ? "\"Part of" : "\"None: "), documentation);
        }
}

BOOST_AUTO_TEST_CASE(only_what_counts_is_written) {
    Schedule stepped(Schedule::Shape::step, 1.0, 9.0);
    stepped.every = 0.5;
    stepped.factor = 0.1;
    const std::pair<Schedule, const char *> cases[] = {
        {Schedule(0.5), "0.5"},
        {warmed(Schedule(0.5)), R"({"schedule": "constant", "value": 0.5, "warm_up": 0.25})"},
        {stepped, R"({"schedule": "step", "value": 1, "warm_up": 0, "every": 0.5, "factor": 0.1})"},
        {{Schedule::Shape::linear, 1.0, 0.0}, R"({"schedule": "linear", "value": 1, "final": 0, "warm_up": 0})"},
        {warmed({Schedule::Shape::cosine, 1.0, 0.5}),
         R"({"schedule": "cosine", "value": 1, "final": 0.5, "warm_up": 0.25})"},
    };
    for (const auto &[schedule, expected] : cases)
        BOOST_TEST(framework::to_text(framework::schedule_value(schedule)) == expected);
}

BOOST_AUTO_TEST_CASE(a_final_value_counts_where_a_schedule_reaches_it) {
    struct Case {
        Schedule::Shape shape;
        double last;
        bool outside;
    };
    const Case cases[] = {
        {Schedule::Shape::linear, 2.0, true},    {Schedule::Shape::cosine, 0.5, true},
        {Schedule::Shape::linear, 1.0, false},   {Schedule::Shape::cosine, 1.5, false},
        {Schedule::Shape::constant, 2.0, false}, {Schedule::Shape::step, 2.0, false},
    };
    for (const Case &expected : cases)
        BOOST_TEST(framework::ends_outside({expected.shape, 1.25, expected.last}, {1.0, 1.5}) == expected.outside);
}

// Of a stage with p below 1 there are as many steps of the schedule as multiples of `every` below 1.
BOOST_AUTO_TEST_CASE(a_factor_counts_by_what_it_comes_to_in_the_end) {
    const struct {
        double value, every, factor;
        sdk::Range range;
        const char *found, *allowed;
    } cases[] = {
        {0.5, 0.3, 0.1, {0.05, 100}, "0.1 every 0.3 of the stage makes 5e-04 of 0.5", "0.05 to 100"},
        {4, 0.3, 0, {0.01, 1000}, "0 every 0.3 of the stage makes 0 of 4", "0.01 to 1000"},
        {8, 0.1, 0.5, {1}, "0.5 every 0.1 of the stage makes 0.015625 of 8", "at least 1"},
        {-8, 0.5, 0.5, {-9, -5}, "0.5 every 0.5 of the stage makes -4 of -8", "-9 to -5"},
        {8, 0.24, 0.5, {1, 9}, "0.5 every 0.24 of the stage makes 0.5 of 8", "1 to 9"},
        {8, 0.25, 0.5, {1, 9}, "", ""}, // three steps, the fourth would be after the end
        {8, 1, 0, {1, 9}, "", ""},
        {1, 0.4, 0.7, {0.49, 1}, "", ""}, // 0.7 * 0.7 is rounded to less than 0.49
        {0.001, 0.3, 0, {0, 10}, "", ""},
    };
    for (const auto &expected : cases)
        BOOST_TEST_CONTEXT(expected.value << ", " << expected.every << ", " << expected.factor) {
            Schedule schedule(Schedule::Shape::step, expected.value, 0.0);
            schedule.every = expected.every;
            schedule.factor = expected.factor;
            const std::string found = expected.found;
            BOOST_TEST(framework::factor_mistake(schedule, expected.range) ==
                       (found.empty() ? found : found + " in the end; allowed: what leaves " + expected.allowed));
            for (const Schedule::Shape other : {Schedule::Shape::constant, Schedule::Shape::linear}) {
                schedule.shape = other;
                BOOST_TEST(framework::factor_mistake(schedule, expected.range) == "");
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
