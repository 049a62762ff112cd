// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <host/report_table.hpp>

BOOST_AUTO_TEST_SUITE(test_report_table)

using namespace retort;

BOOST_AUTO_TEST_CASE(each_set_of_weights_has_its_row) {
    const framework::Report reports[] = {
        {"student", "last", "distil", "mnist", 10000, 152, 0.9848, 0.05123, 0.02345, 0.0021, 1234567, 61.26},
        {"net", "loaded", "", "mnist", 6, 0, 1.0, 0.0, 0.0, 0.0, 4, 0.0}};
    BOOST_TEST(host::report_table(reports) ==
               "model    weights  stage    test errors  accuracy     NLL   Brier     ECE  parameters  seconds\n"
               "---------------------------------------------------------------------------------------------\n"
               "student  last     distil  152 of 10000   98.48 %  0.0512  0.0234  0.0021     1234567     61.3\n"
               "net      loaded   -             0 of 6  100.00 %  0.0000  0.0000  0.0000           4      0.0\n");
}

BOOST_AUTO_TEST_CASE(what_scaling_and_other_data_say_has_a_table_of_its_own) {
    framework::Report reports[] = {
        {"student", "last", "distil", "mnist", 10000, 152, 0.9848, 0.05123, 0.02345, 0.0021, 1234567, 61.26},
        {"net", "loaded", "", "mnist", 6, 0, 1.0, 0.0, 0.0, 0.0, 4, 0.0}};
    reports[0].scaled = {1.23456, 0.04, 0.02, 0.001, {}};
    BOOST_TEST(host::report_table(reports).ends_with(
        "\nWith logits divided by a temperature that was fitted on validation data:\n\n"
        "model    weights  stage   temperature     NLL   Brier     ECE\n"
        "-------------------------------------------------------------\n"
        "student  last     distil       1.2346  0.0400  0.0200  0.0010\n"
        "net      loaded   -                 -       -       -       -\n"));
    reports[1].out_of_distribution = {{"fashion", 10000, 0.98765}, {"noise", 10, 1.0}};
    BOOST_TEST(host::report_table(reports).ends_with(
        "; AUROC without:\n\n"
        "model    weights  stage   temperature     NLL   Brier     ECE                  AUROC of entropy\n"
        "-----------------------------------------------------------------------------------------------\n"
        "student  last     distil       1.2346  0.0400  0.0200  0.0010                                 -\n"
        "net      loaded   -                 -       -       -       -  0.9877 (fashion), 1.0000 (noise)\n"));
}

BOOST_AUTO_TEST_SUITE_END()
