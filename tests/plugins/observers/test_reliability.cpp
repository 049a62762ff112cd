// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/observers/figures/reliability.hpp>
#include <string>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_reliability)

using namespace retort::test;
using namespace retort::observer_figures;

namespace {

const std::string head = "low,high,count,confidence,accuracy,scaled_count,scaled_confidence,scaled_accuracy\n";

Script script_of(const std::string &rows) {
    const TemporaryFolder folder;
    write_file(folder.path() / "bins.csv", head + rows);
    const auto scripts = reliability_scripts("student.last", read_table(folder.path() / "bins.csv"));
    BOOST_TEST_REQUIRE(scripts.size() == 1U);
    return scripts[0];
}

bool holds(const Script &script, const std::string &part) {
    return script.text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(bins_that_hold_examples_are_points_with_intervals) {
    // Of 3 all right, Wilson's interval at one standard error: (1 + 1/6 -+ 1/6) / (4/3) = 3/4 to 1; of 4 the half: 1/2
    // -+ sqrt(1/16 + 1/64) / (5/4) = 1/2 -+ sqrt(5) / 10.
    const Script script = script_of("0,0.5,4,0.4375,0.5,0,,\n0.5,1,3,0.75,1,7,0.625,0\n");
    BOOST_TEST(script.name == "student.last.reliability");
    BOOST_TEST(holds(script, "$counts << END\n0.25 4\n0.75 3\nEND\n"));
    BOOST_TEST(holds(script, "$trained << END\n0.4375 0.5 0.2763932 0.7236068\n0.75 1 0.75 1\nEND\n"));
    BOOST_TEST(holds(script, "$scaled << END\n0.625 0 0 0.125\nEND\n"));
    BOOST_TEST(holds(script, "1:2:(0.5) axes x1y2 with boxes"));
    BOOST_TEST(holds(script, "'student.last: reliability'"));
}

BOOST_AUTO_TEST_CASE(what_was_not_scaled_has_one_curve) {
    const Script script = script_of("0,0.5,0,,,,,\n0.5,1,3,0.75,1,,,\n");
    BOOST_TEST(holds(script, "title 'as trained'"));
    BOOST_TEST(!holds(script, "scaled"));
}

BOOST_AUTO_TEST_CASE(of_nothing_there_is_no_figure) {
    BOOST_TEST(reliability_scripts("student.last", {}).empty());
    BOOST_TEST(reliability_scripts("student.last", {{{"low", {0.0}}, {"high", {1.0}}, {"count", {0.0}}}}).empty());
    BOOST_TEST(
        reliability_scripts("student.last", {{{"count", {1.0}}, {"confidence", {1.0}}, {"accuracy", {1.0}}}}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
