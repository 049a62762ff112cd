// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/result.hpp>
#include <vector>

using namespace retort::framework;

BOOST_AUTO_TEST_SUITE(test_result)

BOOST_AUTO_TEST_CASE(reports_become_a_table) {
    const std::vector<Report> reports{
        {"teacher", "last", "teach", "mnist", 10000, 99, 0.9901, 0.03125, 0.0156, 0.002, 2395210, 81.5},
        {"teacher", "selected", "teach", "mnist", 10000, 101, 0.9899, 0.5, 0.25, 0.125, 2395210, 81.5}};
    BOOST_TEST(report_csv(reports) == "model,weights,stage,data,size,errors,accuracy,nll,brier,ece,parameters,seconds\n"
                                      "teacher,last,teach,mnist,10000,99,0.9901,0.03125,0.0156,0.002,2395210,81.5\n"
                                      "teacher,selected,teach,mnist,10000,101,0.9899,0.5,0.25,0.125,2395210,81.5\n");
}

BOOST_AUTO_TEST_SUITE_END()
