// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/metrics.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <support/numeric.hpp>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_metrics, *boost::unit_test::tolerance(1e-10))

using namespace retort;
using sdk::ClassificationMetrics;
using sdk::ClassificationReport;

namespace {

constexpr std::size_t rows = 500;
constexpr std::size_t classes = 4;

std::vector<double> softmax(std::span<const float> logits) {
    std::vector<double> result(logits.size());
    double sum = 0.0;
    for (std::size_t c = 0; c < logits.size(); ++c)
        sum += result[c] = std::exp(static_cast<double>(logits[c]));
    for (double &value : result)
        value /= sum;
    return result;
}

/// One bin after the other, each over all rows.
double calibration_error(sdk::ConstMatrix logits, std::span<const std::int32_t> labels, std::size_t bins) {
    double result = 0.0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        double difference = 0.0;
        for (std::size_t row = 0; row < logits.rows; ++row) {
            const std::vector<double> p = softmax(logits.row(row));
            const auto top = std::max_element(p.begin(), p.end());
            const double low = static_cast<double>(bin) / static_cast<double>(bins);
            if (labels[row] < 0 || *top <= low || *top > static_cast<double>(bin + 1) / static_cast<double>(bins))
                continue;
            difference += *top - (top - p.begin() == labels[row] ? 1.0 : 0.0);
        }
        result += std::abs(difference);
    }
    return result;
}

ClassificationReport brute_force(sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
    ClassificationReport result;
    for (std::size_t row = 0; row < logits.rows; ++row) {
        if (labels[row] < 0)
            continue;
        const std::vector<double> p = softmax(logits.row(row));
        ++result.size;
        result.errors += std::max_element(p.begin(), p.end()) - p.begin() == labels[row] ? 0 : 1;
        result.nll -= std::log(p[static_cast<std::size_t>(labels[row])]);
        for (std::size_t c = 0; c < p.size(); ++c)
            result.brier += std::pow(p[c] - (static_cast<std::int32_t>(c) == labels[row] ? 1.0 : 0.0), 2);
    }
    const auto size = static_cast<double>(result.size);
    result.accuracy = 1.0 - static_cast<double>(result.errors) / size;
    result.nll /= size;
    result.brier /= size;
    result.ece = calibration_error(logits, labels, 15) / size;
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(equal_to_brute_force) {
    const sdk::MatrixBuffer logits = test::normal_matrix(rows, classes, sdk::Random{11}, 2.0F);
    std::vector<std::int32_t> labels(rows);
    for (std::size_t row = 0; row < rows; ++row)
        labels[row] = static_cast<std::int32_t>(sdk::Random{12}.below(row, classes + 1)) - 1; // some unlabelled
    ClassificationMetrics metrics(classes);
    metrics.add(logits.view().slice(0, 123), std::span(labels).first(123));
    metrics.add(logits.view().slice(123, rows - 123), std::span(labels).subspan(123));
    const ClassificationReport found = metrics.report();
    const ClassificationReport expected = brute_force(logits.view(), labels);
    BOOST_TEST(found.size == expected.size);
    BOOST_TEST(found.size < rows);
    BOOST_TEST(found.errors == expected.errors);
    BOOST_TEST(found.accuracy == expected.accuracy);
    BOOST_TEST(found.nll == expected.nll);
    BOOST_TEST(found.brier == expected.brier);
    BOOST_TEST(found.ece == expected.ece);
}

BOOST_AUTO_TEST_CASE(a_temperature_divides_the_logits) {
    const sdk::MatrixBuffer logits = test::normal_matrix(rows, classes, sdk::Random{13}, 3.0F);
    std::vector<std::int32_t> labels(rows);
    for (std::size_t row = 0; row < rows; ++row)
        labels[row] = static_cast<std::int32_t>(sdk::Random{14}.below(row, classes));
    ClassificationMetrics metrics(classes, 15, 4.0); // by which floats are divided without an error
    metrics.add(logits.view(), labels);
    for (float &value : std::span(logits.view().data, rows * classes))
        value /= 4.0F;
    const ClassificationReport found = metrics.report();
    const ClassificationReport expected = brute_force(logits.view(), labels);
    BOOST_TEST(found.errors == expected.errors);
    BOOST_TEST(found.nll == expected.nll);
    BOOST_TEST(found.brier == expected.brier);
    BOOST_TEST(found.ece == expected.ece);
}

BOOST_AUTO_TEST_CASE(bins_of_a_reliability_diagram_by_hand) {
    const float log_3 = std::log(3.0F);
    const float log_4 = std::log(4.0F);
    const float logits[] = {0, log_3, log_3, 0, 0, log_4, 0, 0, 0, 0}; // confidences 3/4, 3/4, 4/5, 1/2, 1/2
    const std::int32_t labels[] = {1, 1, 0, 1, -1};
    ClassificationMetrics metrics(2, 4);
    metrics.add({logits, 5, 2, 2}, labels);
    const std::vector<sdk::ReliabilityBin> bins = metrics.reliability();
    BOOST_TEST_REQUIRE(bins.size() == 4U);
    BOOST_TEST(bins[0].count == 0U);
    BOOST_TEST(bins[0].confidence == 0.0);
    BOOST_TEST(bins[0].accuracy == 0.0);
    BOOST_TEST(bins[1].count == 1U); // (1/4, 1/2]: of equals the first is meant, which is wrong; one has no label
    BOOST_TEST(bins[1].confidence == 0.5);
    BOOST_TEST(bins[1].accuracy == 0.0);
    BOOST_TEST(bins[2].count + bins[3].count == 3U); // 3/4 may be rounded to either side
    const ClassificationReport report = metrics.report();
    double ece = 0.0;
    for (const sdk::ReliabilityBin &bin : bins)
        ece += static_cast<double>(bin.count) / 4.0 * std::abs(bin.confidence - bin.accuracy);
    BOOST_TEST(report.ece == ece);
}

BOOST_AUTO_TEST_CASE(one_row_by_hand) {
    float logits[] = {0.0F, std::log(3.0F)}; // probabilities 1/4 and 3/4
    const std::int32_t label[] = {0};
    ClassificationMetrics metrics(2);
    metrics.add({logits, 1, 2, 2}, label);
    const ClassificationReport found = metrics.report();
    BOOST_TEST(found.errors == 1U);
    BOOST_TEST(found.accuracy == 0.0);
    BOOST_TEST(found.nll == std::log(4.0), boost::test_tools::tolerance(1e-6));
    BOOST_TEST(found.brier == 2.0 * 0.75 * 0.75, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(found.ece == 0.75, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(large_logits_do_not_overflow) {
    float logits[] = {-2000.0F, 2000.0F};
    const std::int32_t label[] = {0};
    ClassificationMetrics metrics(2);
    metrics.add({logits, 1, 2, 2}, label);
    BOOST_TEST(metrics.report().nll == 4000.0);
}

BOOST_AUTO_TEST_CASE(logits_that_are_no_numbers_give_a_report_of_none) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    for (const auto &[first, second] : {std::pair{nan, nan}, {nan, 1.0F}, {1.0F, nan}, {infinity, 0.0F}}) {
        float logits[] = {first, second};
        const std::int32_t label[] = {0};
        ClassificationMetrics metrics(2);
        metrics.add({logits, 1, 2, 2}, label);
        const ClassificationReport found = metrics.report();
        BOOST_TEST(found.size == 1U);
        BOOST_TEST(std::isnan(found.nll));
        BOOST_TEST(std::isnan(found.ece));
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_reported_of_nothing) {
    const ClassificationReport found = ClassificationMetrics(3).report();
    BOOST_TEST(found.size == 0U);
    BOOST_TEST(found.nll == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
