// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/run/report_files.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_report_files)

using namespace retort;
using test::read_file;

BOOST_AUTO_TEST_CASE(bins_are_rows_and_what_is_not_known_is_empty) {
    framework::Report report;
    report.reliability = {{0, 0.0, 0.0}, {4, 0.75, 0.5}};
    const std::string head = "low,high,count,confidence,accuracy,scaled_count,scaled_confidence,scaled_accuracy\n";
    BOOST_TEST(framework::reliability_csv(report) == head + "0,0.5,0,,,,,\n0.5,1,4,0.75,0.5,,,\n");
    report.scaled = {1.5, 0.0, 0.0, 0.0, {{1, 0.4375, 1.0}, {3, 0.625, 0.25}}};
    BOOST_TEST(framework::reliability_csv(report) == head + "0,0.5,0,,,1,0.4375,1\n0.5,1,4,0.75,0.5,3,0.625,0.25\n");
}

BOOST_AUTO_TEST_CASE(predictions_are_rows_over_all_batches) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "net.last.predictions.csv";
    framework::PredictionsFile file(path);
    const float logits[] = {1, 1, 200, 0, 0, 200};
    const std::int32_t labels[] = {1, -1, 1};
    file.add({logits, 2, 2, 2}, std::span(labels).first(2));
    file.add({logits + 4, 1, 2, 2}, std::span(labels).last(1));
    BOOST_TEST(!std::filesystem::exists(path));
    file.commit();
    BOOST_TEST(read_file(path) == "index,label,predicted,probability_0,probability_1\n"
                                  "0,1,0,0.5,0.5\n"
                                  "1,-1,0,1,0\n"
                                  "2,1,1,0,1\n");
}

BOOST_AUTO_TEST_SUITE_END()
