// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/calibration.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <framework/source/run/measure.hpp>
#include <map>
#include <support/context.hpp>
#include <support/fake_plan.hpp>

namespace test_measure {

using namespace retort;
using framework::Report;
using sdk::Split;

/// Weights of the fake model: logits are (x0 + 100 x1, 0), sure of class 0 where x1 is large.
const std::vector<float> rising{1, 100, 0, 0};

/// Examples farther out than the toy's, and as many in each split as is said.
class Far final : public test::FakeDataset {
  public:
    Far() { validation = 0; }

    void read(Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        FakeDataset::read(split, rows, inputs, labels);
        for (std::size_t r = 0; r < rows.size(); ++r)
            inputs.row(r)[1] = place == rows[r] ? std::nanf("") : distance;
    }

    float distance = -0.005F; // logits (x0 - 0.5, 0): less sure than any example of the toy but one
    std::uint64_t place = ~std::uint64_t{0};
};

/// The components of a plan with the dataset "far" beside "toy", which the model is for.
struct Fixture {
    Fixture() : plan(two_datasets()), components(plan, services, {}) {
        std::copy(rising.begin(), rising.end(), components.model("net").parameters().values.begin());
        toy = &dynamic_cast<test::FakeDataset &>(*components.datasets[0].component);
        far = &dynamic_cast<Far &>(*components.datasets[1].component);
    }

    framework::Plan two_datasets() {
        framework::Plan result = fakes.plan();
        fakes.make_dataset = [](const auto &) { return std::make_unique<Far>(); };
        framework::Planned<sdk::Dataset> other = fakes.plan().datasets[0];
        other.name = "far";
        other.pointer = "/data/far";
        result.datasets.push_back(std::move(other));
        result.report.out_of_distribution = {"far"};
        return result;
    }

    Report measured(const std::string &data = "toy", Split split = Split::test) {
        Report report{"net", "last", "teach", data};
        measure(report, plan, components, split);
        return report;
    }

    /// Logits and labels of a split of a dataset, by hand.
    void add_to(sdk::ClassificationMetrics &metrics, const sdk::Dataset &data, Split split) const {
        for (std::uint64_t row = 0; row < data.size(split); ++row) {
            float inputs[2];
            std::int32_t label = 0;
            data.read(split, {&row, 1}, {inputs, 1, 2, 2}, {&label, 1});
            const float logits[] = {rising[0] * inputs[0] + rising[1] * inputs[1], 0.0F};
            metrics.add({logits, 1, 2, 2}, {&label, 1});
        }
    }

    test::FakePlan fakes;
    test::FakeServices services;
    framework::Plan plan;
    framework::Components components;
    test::FakeDataset *toy = nullptr;
    Far *far = nullptr;
};

} // namespace test_measure

BOOST_FIXTURE_TEST_SUITE(test_measure, Fixture, *boost::unit_test::tolerance(1e-12))

BOOST_AUTO_TEST_CASE(the_temperature_is_the_best_on_validation_data_and_scales_test_data) {
    const Report report = measured();
    BOOST_TEST_REQUIRE(report.scaled.has_value());
    const double temperature = report.scaled->temperature;
    std::map<double, double> nll; // on validation data, of temperatures around
    for (const double factor : {0.99, 1.0, 1.01}) {
        sdk::ClassificationMetrics metrics(2, 15, factor * temperature);
        add_to(metrics, *toy, Split::validation);
        nll[factor] = metrics.report().nll;
    }
    BOOST_TEST(nll[1.0] < nll[0.99]);
    BOOST_TEST(nll[1.0] < nll[1.01]);
    sdk::ClassificationMetrics plain(2);
    sdk::ClassificationMetrics scaled(2, 15, temperature);
    add_to(plain, *toy, Split::test);
    add_to(scaled, *toy, Split::test);
    BOOST_TEST(report.nll == plain.report().nll);
    BOOST_TEST(report.scaled->nll == scaled.report().nll);
    BOOST_TEST(report.scaled->brier == scaled.report().brier);
    BOOST_TEST(report.scaled->ece == scaled.report().ece);
    BOOST_TEST(report.scaled->nll != report.nll);
    BOOST_TEST_REQUIRE(report.reliability.size() == 15U);
    for (std::size_t bin = 0; bin < 15; ++bin) {
        BOOST_TEST(report.reliability[bin].count == plain.reliability()[bin].count);
        BOOST_TEST(report.reliability[bin].accuracy == plain.reliability()[bin].accuracy);
        BOOST_TEST(report.scaled->reliability[bin].count == scaled.reliability()[bin].count);
        BOOST_TEST(report.scaled->reliability[bin].confidence == scaled.reliability()[bin].confidence);
    }
}

BOOST_AUTO_TEST_CASE(each_split_is_read_once) {
    toy->test_reads = 0;
    far->test_reads = 0;
    (void)measured();
    BOOST_TEST(toy->test_reads == 1U);
    BOOST_TEST(far->test_reads == 1U);
}

BOOST_AUTO_TEST_CASE(other_data_is_told_apart_by_entropy) {
    const Report report = measured();
    BOOST_TEST_REQUIRE(report.out_of_distribution.size() == 1U);
    BOOST_TEST(report.out_of_distribution[0].data == "far");
    BOOST_TEST(report.out_of_distribution[0].size == 6U);
    // The toy's margins are 1, 0, 3, 2, 5, 4; the others' are 0.5 and 1.5, three times each. The smaller is less sure.
    BOOST_TEST(report.out_of_distribution[0].auroc == (3.0 * 5.0 + 3.0 * 4.0) / 36.0);
}

BOOST_AUTO_TEST_CASE(other_data_may_have_labels_of_its_own_or_none) {
    const double expected = measured().out_of_distribution.at(0).auroc;
    toy->validation = 0; // no temperature: entropies do without
    const Report report = measured();
    BOOST_TEST(!report.scaled.has_value());
    BOOST_TEST(report.out_of_distribution.at(0).auroc == expected);
}

BOOST_AUTO_TEST_CASE(on_other_data_the_temperature_is_still_that_of_the_models_own) {
    const Report report = measured("far");
    BOOST_TEST_REQUIRE(report.scaled.has_value()); // though "far" has no validation data
    BOOST_TEST(report.scaled->temperature == measured().scaled.value().temperature);
    BOOST_TEST(report.out_of_distribution.empty()); // nothing is told from itself
}

BOOST_AUTO_TEST_CASE(other_data_without_that_split_is_left_out) {
    BOOST_TEST(measured("toy", Split::validation).out_of_distribution.empty());
    far->validation = 2;
    BOOST_TEST(measured("toy", Split::validation).out_of_distribution.at(0).size == 2U);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_named_with_their_dataset) {
    far->place = 3;
    BOOST_CHECK_EXCEPTION((void)measured(), framework::Error, [](const framework::Error &error) {
        BOOST_TEST(std::string(error.what()) ==
                   "/data/far: example 3 of the test split: number 1 of its inputs is nan; allowed: "
                   "finite numbers [plugin fake_data]");
        return error.code() == framework::ErrorCode::data;
    });
}

BOOST_AUTO_TEST_CASE(a_listener_hears_what_was_counted) {
    Report report{"net", "last", "teach", "toy"};
    std::size_t rows = 0;
    measure(report, plan, components, Split::test, [&](sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
        BOOST_TEST(logits.rows == labels.size());
        BOOST_TEST(logits.row(2)[0] == 3.0F);
        rows += logits.rows;
    });
    BOOST_TEST(rows == 6U);
}

BOOST_AUTO_TEST_SUITE_END()
