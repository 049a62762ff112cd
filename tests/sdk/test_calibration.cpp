// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/calibration.hpp>
#include <retort/sdk/metrics.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_calibration)

using namespace retort;
using sdk::fit_temperature;

namespace {

constexpr std::size_t rows = 2000;
constexpr std::size_t classes = 5;

/// Logits, and labels that are drawn from softmax(logits / temperature).
struct Drawn {
    explicit Drawn(float temperature, float spread = 2.0F)
        : logits(test::normal_matrix(rows, classes, sdk::Random{21}, spread)), labels(rows) {
        for (std::size_t row = 0; row < rows; ++row)
            labels[row] = draw(logits.view().row(row), temperature, sdk::Random{22}.uniform(row));
    }

    static std::int32_t draw(std::span<const float> x, float temperature, double uniform) {
        std::vector<double> weights;
        double sum = 0.0;
        for (const float logit : x)
            sum += weights.emplace_back(std::exp(static_cast<double>(logit / temperature)));
        std::int32_t label = 0;
        for (double left = uniform * sum; left > weights[static_cast<std::size_t>(label)]; ++label)
            left -= weights[static_cast<std::size_t>(label)];
        return label;
    }

    [[nodiscard]] double nll(double temperature) const {
        sdk::ClassificationMetrics metrics(classes, 15, temperature);
        metrics.add(logits.view(), labels);
        return metrics.report().nll;
    }

    sdk::MatrixBuffer logits;
    std::vector<std::int32_t> labels;
};

/// The least of many temperatures, each 1e-4 from the next.
double best_of_many(const Drawn &drawn, double low, double high) {
    double best = low;
    double least = drawn.nll(low);
    for (double temperature = low; temperature < high; temperature *= 1.0 + 1e-4) {
        const double nll = drawn.nll(temperature);
        if (nll < least) {
            least = nll;
            best = temperature;
        }
    }
    return best;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_least_of_many_temperatures_is_found) {
    for (const float temperature : {0.5F, 1.0F, 3.0F})
        BOOST_TEST_CONTEXT(temperature) {
            const Drawn drawn(temperature);
            const double found = fit_temperature(drawn.logits.view(), drawn.labels).value();
            BOOST_TEST(std::abs(found / static_cast<double>(temperature) - 1.0) < 0.15); // as far as 2,000 labels tell
            const double best = best_of_many(drawn, found * 0.98, found * 1.02);
            BOOST_TEST(std::abs(found / best - 1.0) <= 1e-4);
            BOOST_TEST(drawn.nll(found) <= drawn.nll(best));
        }
}

BOOST_AUTO_TEST_CASE(two_classes_of_one_confidence_have_a_closed_form) {
    for (const int right : {6, 9, 99}) { // of 10, 10 and 100; sigmoid(a / T) is the part of them
        const int all = right < 10 ? 10 : 100;
        const float a = 7.0F;
        std::vector<float> logits;
        std::vector<std::int32_t> labels;
        for (int row = 0; row < all; ++row) {
            logits.insert(logits.end(), {0.0F, a});
            labels.push_back(row < right ? 1 : 0);
        }
        const double expected = 7.0 / std::log(static_cast<double>(right) / (all - right));
        const auto found = fit_temperature({logits.data(), static_cast<std::size_t>(all), 2, 2}, labels);
        BOOST_TEST(found.value() == expected, boost::test_tools::tolerance(1e-8));
    }
}

BOOST_AUTO_TEST_CASE(it_scales_with_the_logits_as_far_as_floats_go) {
    const Drawn drawn(1.5F);
    const double expected = fit_temperature(drawn.logits.view(), drawn.labels).value();
    for (const float factor : {0x1p-90F, 0x1p-10F, 0x1p10F, 0x1p90F}) {
        const sdk::MatrixBuffer scaled(rows, classes);
        for (std::size_t i = 0; i < rows * classes; ++i)
            scaled.view().data[i] = drawn.logits.view().data[i] * factor;
        const double found = fit_temperature(scaled.view(), drawn.labels).value();
        BOOST_TEST(found / static_cast<double>(factor) == expected, boost::test_tools::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_CASE(unlabelled_rows_say_nothing) {
    Drawn drawn(2.0F);
    for (std::size_t row = 100; row < rows; ++row)
        drawn.labels[row] = -1;
    const auto all = fit_temperature(drawn.logits.view(), drawn.labels);
    BOOST_TEST(all.value() == fit_temperature(drawn.logits.view(100), std::span(drawn.labels).first(100)).value());
}

BOOST_AUTO_TEST_CASE(there_is_none_where_none_is_best) {
    const float logits[] = {0, 1, 2, 0};
    const auto fitted = [&](std::int32_t first, std::int32_t second) {
        const std::int32_t labels[] = {first, second};
        return fit_temperature({logits, 2, 2, 2}, labels);
    };
    BOOST_TEST(!fitted(1, 0).has_value());   // all are right: the smaller the better
    BOOST_TEST(!fitted(0, 1).has_value());   // all are wrong: the larger the better
    BOOST_TEST(fitted(0, 0).has_value());    // the surer of two is right
    BOOST_TEST(!fitted(-1, -1).has_value()); // nobody knows
    BOOST_TEST(!fit_temperature({logits, 0, 2, 2}, {}).has_value());
    const float equal[] = {1, 1, 1, 1};
    const std::int32_t labels[] = {0, 1};
    BOOST_TEST(!fit_temperature({equal, 2, 2, 2}, labels).has_value()); // all temperatures are alike
}

BOOST_AUTO_TEST_CASE(there_is_none_for_logits_that_are_no_numbers) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()})
        for (std::size_t place = 0; place < 4; ++place) {
            float logits[] = {0, 1, 2, 0};
            logits[place] = bad;
            const std::int32_t labels[] = {0, 0};
            BOOST_TEST(!fit_temperature({logits, 2, 2, 2}, labels).has_value(), bad << " at " << place);
        }
}

BOOST_AUTO_TEST_SUITE_END()
