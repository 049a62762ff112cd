// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/run/profile_files.hpp>

BOOST_AUTO_TEST_SUITE(test_profile_files)

using namespace retort;
using std::chrono::nanoseconds;

BOOST_AUTO_TEST_CASE(the_table_has_a_row_for_each_phase) {
    const framework::ProfiledPhase phases[] = {{"run", "run", 0, 3, 2.0, 0.5, 1.0, 12},
                                               {"run/a, \"b\"", "a, \"b\"", 1, 1, 1.5, 1.5, 0.75, 12}};
    BOOST_TEST(framework::profile_csv(phases) == "path,depth,calls,seconds,own_seconds,share,operations\n"
                                                 "\"run\",0,3,2,0.5,1,12\n"
                                                 "\"run/a, \"\"b\"\"\",1,1,1.5,1.5,0.75,12\n");
}

BOOST_AUTO_TEST_CASE(the_trace_has_complete_events_in_microseconds) {
    const framework::PhaseCall calls[] = {{"run", 0, 0, nanoseconds(0), nanoseconds(12'345'678'901), 7},
                                          {"a \"b\"\xff", 1, 2, nanoseconds(1005), nanoseconds(20), 0}};
    const std::string text = framework::trace_text(calls);
    const boost::json::value trace = boost::json::parse(text);
    const boost::json::array &events = trace.at("traceEvents").as_array();
    BOOST_TEST_REQUIRE(events.size() == 2U);
    BOOST_TEST(events[0].at("ph").as_string() == "X");
    BOOST_TEST(events[0].at("dur").as_double() == 12345678.901);
    BOOST_TEST(events[0].at("args").at("operations").to_number<int>() == 7);
    BOOST_TEST(events[1].at("name").as_string() == "a \"b\"?");
    BOOST_TEST(events[1].at("ts").as_double() == 1.005);
    BOOST_TEST(text.find("\"ts\": 1.005, \"dur\": 0.020,") != text.npos); // no exponents
    BOOST_TEST(events[1].at("args").at("call").to_number<int>() == 2);
}

BOOST_AUTO_TEST_CASE(a_trace_of_nothing_is_a_trace) {
    BOOST_TEST(boost::json::parse(framework::trace_text({})).at("traceEvents").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
