// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <host/check_report.hpp>

BOOST_AUTO_TEST_SUITE(test_check_report)

using namespace retort;
using sdk::conformance::Finding;
using sdk::conformance::Outcome;

namespace {

const Finding findings[] = {
    {"loss/a", "dead_data", Outcome::passed, "", "", 12, 0.25},
    {"loss/a", "second_order", Outcome::skipped, "it has no parameters", "", 0, 0.0},
    {"loss/b", "no_output", Outcome::failed, "it prints: \"<&>\"", "/rate=1; on logits", 3, 0.5},
};

} // namespace

BOOST_AUTO_TEST_CASE(a_table_for_people) {
    BOOST_TEST(host::check_table(findings) == "component  check         outcome  trials  why\n"
                                              "--------------------------------------------------------------\n"
                                              "loss/a     dead_data     passed   12\n"
                                              "loss/a     second_order  skipped  -       it has no parameters\n"
                                              "loss/b     no_output     failed   3       see below\n"
                                              "\n"
                                              "loss/b, no_output:\n"
                                              "    it prints: \"<&>\"\n"
                                              "    with /rate=1; on logits\n"
                                              "\n"
                                              "1 passed, 1 failed, 1 skipped\n");
}

BOOST_AUTO_TEST_CASE(objects_for_programs) {
    const boost::json::array array = host::check_json(findings);
    BOOST_TEST_REQUIRE(array.size() == 3U);
    BOOST_TEST(boost::json::serialize(array[2]) ==
               R"({"component":"loss/b","check":"no_output","outcome":"failed","reason":"it prints: \"<&>\"",)"
               R"("settings":"/rate=1; on logits","trials":3,"seconds":5E-1})");
}

BOOST_AUTO_TEST_CASE(a_junit_report_for_machines_that_build) {
    BOOST_TEST(host::check_junit(findings) ==
               R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="retort check" tests="3" failures="1" skipped="1" time="0.750">
  <testsuite name="loss/a" tests="2" failures="0" skipped="1" time="0.250">
    <testcase classname="loss/a" name="dead_data" time="0.250"/>
    <testcase classname="loss/a" name="second_order" time="0.000">
      <skipped message="it has no parameters"/>
    </testcase>
  </testsuite>
  <testsuite name="loss/b" tests="1" failures="1" skipped="0" time="0.500">
    <testcase classname="loss/b" name="no_output" time="0.500">
      <failure message="it prints: &quot;&lt;&amp;&gt;&quot;">/rate=1; on logits</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

BOOST_AUTO_TEST_SUITE_END()
