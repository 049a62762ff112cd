// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <framework/source/final_report.hpp>
#include <support/context.hpp>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_final_report)

using namespace retort;
using framework::FinalReport;
using framework::StageRecord;

namespace {

/// Logits of the model that calls every example class 0 or 1 as its first number says (right), or the other way.
const std::vector<float> right{1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
const std::vector<float> wrong{-1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

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

    std::vector<framework::Report> reports(std::vector<StageRecord> stages) {
        FinalReport report(plan, components, stages);
        std::size_t count = 0;
        while (report.step())
            BOOST_TEST(report.reports().size() == ++count);
        BOOST_TEST(report.total() == count);
        return report.reports();
    }

    test::FakeServices services;
    framework::Plan plan;
    framework::Components components;
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

BOOST_AUTO_TEST_CASE(a_model_without_test_data_is_left_out) {
    test::FakePlan fakes;
    Fixture fixture(fakes);
    fakes.dataset->test = 0;
    BOOST_TEST(fixture.reports({stage_of(wrong, right)}).empty());
    BOOST_TEST(fakes.dataset->test_reads == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
