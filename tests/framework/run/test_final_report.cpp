// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <framework/source/run/final_report.hpp>
#include <framework/source/run/report_files.hpp>
#include <set>
#include <support/context.hpp>
#include <support/fake_plan.hpp>
#include <support/process.hpp>

BOOST_AUTO_TEST_SUITE(test_final_report)

using namespace retort;
using framework::FinalReport;
using framework::StageRecord;

namespace fs = std::filesystem;

namespace {

/// Logits of the model that calls every example class 0 or 1 as its first number says (right), or the other way.
const std::vector<float> right{1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
const std::vector<float> wrong{-1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
/// That of a model that goes by the second number, and calls all but example 0 of class 0.
const std::vector<float> mixed{1, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

StageRecord stage_of(std::vector<float> last, std::vector<float> selected) {
    StageRecord stage;
    stage.name = "teach";
    stage.model = "net";
    stage.seconds = 2.5;
    stage.last = std::move(last);
    stage.selected = std::move(selected);
    return stage;
}

/// The components of a plan of fakes; its model has the weights `right`.
struct Fixture {
    explicit Fixture(test::FakePlan &fakes) : plan(fakes.plan()), components(plan, services, {}) {
        std::copy(right.begin(), right.end(), fakes.model->parameters().values.begin());
    }

    std::vector<framework::Report> reports(std::vector<StageRecord> stages, const std::filesystem::path &output = {}) {
        framework::RunDirectory directory(output);
        framework::RunLog log([this](framework::LogLevel, std::string_view line) { logged.emplace_back(line); });
        FinalReport report(plan, components, stages, directory, log);
        std::size_t count = 0;
        while (report.step())
            BOOST_TEST(report.reports().size() == ++count);
        BOOST_TEST(report.total() == count);
        return report.reports();
    }

    test::FakeServices services;
    framework::Plan plan;
    framework::Components components;
    std::vector<std::string> logged;
};

} // namespace

BOOST_AUTO_TEST_CASE(last_and_selected_weights_are_evaluated_on_test_data) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    const auto reports = fixture.reports({stage_of(wrong, right)});
    BOOST_TEST_REQUIRE(reports.size() == 2U);
    BOOST_TEST(reports[0].weights == "last");
    BOOST_TEST(reports[0].errors == 6U);
    BOOST_TEST(reports[0].accuracy == 0.0);
    BOOST_TEST(reports[1].weights == "selected");
    BOOST_TEST(reports[1].errors == 0U);
    for (const framework::Report &report : reports) {
        BOOST_TEST(report.model == "net");
        BOOST_TEST(report.stage == "teach");
        BOOST_TEST(report.data == "toy");
        BOOST_TEST(report.size == 6U);
        BOOST_TEST(report.parameters == 4U); // gaps of the arena are none
        BOOST_TEST(report.seconds == 2.5);
    }
    const double right_nll = std::log1p(std::exp(-2.0)); // logits +1 and -1
    BOOST_TEST(reports[1].nll == right_nll, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(reports[0].nll == right_nll + 2.0, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(fakes.dataset->test_reads == 2U);
    BOOST_TEST(!fs::exists("report")); // without a run directory nothing is written
}

BOOST_AUTO_TEST_CASE(the_last_weights_are_those_that_the_model_has_and_keeps) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    const auto reports = fixture.reports({stage_of({}, wrong)});
    BOOST_TEST(reports.at(0).errors == 0U);
    BOOST_TEST(reports.at(1).errors == 6U);
    BOOST_TEST(fakes.model->parameters().values[0] == 1.0F);
    BOOST_TEST(fakes.model->changes.size() == 2U); // to the selected ones, and back
    BOOST_CHECK(fakes.model->changes.back() == sdk::Change::restore);
}

BOOST_AUTO_TEST_CASE(without_selected_weights_there_is_one_report) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    BOOST_TEST(fixture.reports({stage_of(wrong, {})}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_model_that_was_loaded_and_not_trained_is_evaluated_as_it_is) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    BOOST_TEST(fixture.reports({}).empty()); // neither trained nor loaded
    fixture.plan.models[0].weights = "net.safetensors";
    const auto reports = fixture.reports({});
    BOOST_TEST_REQUIRE(reports.size() == 1U);
    BOOST_TEST(reports[0].weights == "loaded");
    BOOST_TEST(reports[0].stage == "");
    BOOST_TEST(reports[0].errors == 0U);
    BOOST_TEST(fixture.reports({stage_of(wrong, {})}).size() == 1U); // trained further: no longer what was loaded
}

BOOST_AUTO_TEST_CASE(the_word_for_a_temperature_that_is_missing_says_why) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    (void)fixture.reports({stage_of(wrong, right)});
    const std::string none = ": none is best on the validation data of dataset toy";
    const std::vector<std::string> expected{"no temperature for net.last" + none,
                                            "no temperature for net.selected" + none};
    BOOST_TEST(fixture.logged == expected, boost::test_tools::per_element());
    fakes.dataset->validation = 0;
    fixture.logged.clear();
    (void)fixture.reports({stage_of(mixed, {})});
    BOOST_TEST_REQUIRE(fixture.logged.size() == 1U);
    BOOST_TEST(fixture.logged[0] == "no temperature for net.last: there is no validation data in dataset toy");
    fakes.dataset->validation = 4;
    fixture.logged.clear();
    BOOST_TEST(fixture.reports({stage_of(mixed, {})}).at(0).scaled.has_value());
    BOOST_TEST(fixture.logged.empty());
}

BOOST_AUTO_TEST_CASE(files_are_called_like_those_of_the_weights) {
    const test::TemporaryFolder folder;
    test::FakePlan fakes;
    Fixture fixture(fakes);
    fixture.plan.report.predictions = true;
    StageRecord second = stage_of({}, {});
    second.name = "teach_again";
    const auto reports = fixture.reports({stage_of(wrong, right), second}, folder.path());
    BOOST_TEST_REQUIRE(reports.size() == 3U);
    std::set<std::string> found;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder.path() / "report"))
        found.insert(entry.path().filename().string());
    const std::set<std::string> expected{"net.last.predictions.csv",           "net.last.reliability.csv",
                                         "net.teach.last.predictions.csv",     "net.teach.last.reliability.csv",
                                         "net.teach.selected.predictions.csv", "net.teach.selected.reliability.csv"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
    const fs::path report = folder.path() / "report";
    BOOST_TEST(test::read_file(report / "net.teach.last.reliability.csv") == framework::reliability_csv(reports[0]));
    BOOST_TEST(test::read_file(report / "net.teach.last.predictions.csv")
                   .starts_with("index,label,predicted,probability_0,probability_1\n0,0,1,0.1192"));
    BOOST_TEST(test::read_file(report / "net.last.predictions.csv").find("\n1,1,1,") != std::string::npos);
    BOOST_TEST(fakes.dataset->test_reads == 3U); // the predictions are those that were counted
    fixture.plan.report.predictions = false;
    fs::remove_all(report);
    (void)fixture.reports({stage_of({}, {})}, folder.path());
    BOOST_TEST(std::distance(fs::directory_iterator(report), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_model_without_test_data_is_left_out) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    fakes.dataset->test = 0;
    BOOST_TEST(fixture.reports({stage_of(wrong, right)}).empty());
    BOOST_TEST(fakes.dataset->test_reads == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
