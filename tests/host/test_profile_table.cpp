// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <host/profile_table.hpp>

BOOST_AUTO_TEST_SUITE(test_profile_table)

using namespace retort;

namespace {

const framework::ProfiledPhase phases[] = {
    {"run", "run", 0, 1203, 12.5, 0.25, 1.0, 2'000'000'000'000},
    {"run/distil", "distil", 1, 1200, 12.25, 1.25, 0.98, 2'000'000'000'000},
    {"run/distil/data", "data", 2, 1200, 11.0, 11.0, 0.88, 0},
};

} // namespace

BOOST_AUTO_TEST_CASE(phases_are_indented_below_what_they_are_part_of) {
    BOOST_TEST(host::profile_table(phases) == "phase     calls  seconds  own seconds    share  ms a call  GFLOP/s\n"
                                              "------------------------------------------------------------------\n"
                                              "run        1203   12.500        0.250  100.0 %     10.391    160.0\n"
                                              "  distil   1200   12.250        1.250   98.0 %     10.208    163.3\n"
                                              "    data   1200   11.000       11.000   88.0 %      9.167        -\n");
}

BOOST_AUTO_TEST_CASE(programs_get_every_number) {
    const boost::json::array array = host::profile_json(phases);
    BOOST_TEST_REQUIRE(array.size() == 3U);
    const boost::json::object &row = array[1].as_object();
    BOOST_TEST(row.at("path").as_string() == "run/distil");
    BOOST_TEST(row.at("depth").to_number<int>() == 1);
    BOOST_TEST(row.at("calls").to_number<int>() == 1200);
    BOOST_TEST(row.at("seconds").as_double() == 12.25);
    BOOST_TEST(row.at("own_seconds").as_double() == 1.25);
    BOOST_TEST(row.at("share").as_double() == 0.98);
    BOOST_TEST(row.at("operations").to_number<std::uint64_t>() == 2'000'000'000'000U);
}

BOOST_AUTO_TEST_SUITE_END()
