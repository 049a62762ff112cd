// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/describer.hpp>
#include <framework/source/schedule_fields.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
