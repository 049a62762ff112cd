// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/detection.hpp>
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_detection)

using namespace retort;
using sdk::auroc;
using sdk::predictive_entropy;

namespace {

/// All pairs.
double brute_force(const std::vector<double> &negatives, const std::vector<double> &positives) {
    double wins = 0.0;
    for (const double negative : negatives)
        for (const double positive : positives)
            wins += positive > negative ? 1.0 : positive == negative ? 0.5 : 0.0;
    return wins / static_cast<double>(negatives.size() * positives.size());
}

/// Whole numbers below `values`: the fewer, the more ties.
std::vector<double> scores(std::size_t size, std::uint64_t values, sdk::Random random, double shift = 0.0) {
    std::vector<double> result;
    for (std::size_t i = 0; i < size; ++i)
        result.push_back(static_cast<double>(random.below(i, values)) + shift);
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_area_is_the_part_of_pairs_that_are_in_order) {
    for (const std::uint64_t values : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{10}, std::uint64_t{1} << 40}) {
        const std::vector<double> negatives = scores(321, values, sdk::Random{31});
        const std::vector<double> positives = scores(123, values, sdk::Random{32}, values > 2 ? 1.0 : 0.0);
        BOOST_TEST_CONTEXT(values) {
            BOOST_TEST(auroc(negatives, positives) == brute_force(negatives, positives)); // exactly
            BOOST_TEST(auroc(negatives, positives) + auroc(positives, negatives) == 1.0,
                       boost::test_tools::tolerance(1e-15));
        }
    }
}

BOOST_AUTO_TEST_CASE(areas_by_hand) {
    const double low[] = {0.0, 1.0};
    const double high[] = {2.0, std::numeric_limits<double>::infinity()};
    const double middle[] = {0.0, 2.0};
    BOOST_TEST(auroc(low, high) == 1.0);
    BOOST_TEST(auroc(high, low) == 0.0);
    BOOST_TEST(auroc(low, low) == 0.5);
    BOOST_TEST(auroc(low, middle) == (0.5 + 0.0 + 1.0 + 1.0) / 4.0);
}

BOOST_AUTO_TEST_CASE(there_is_no_area_of_nothing_or_of_what_is_no_number) {
    const double one[] = {1.0};
    const double none[] = {std::numeric_limits<double>::quiet_NaN(), 2.0};
    BOOST_TEST(std::isnan(auroc({}, one)));
    BOOST_TEST(std::isnan(auroc(one, {})));
    BOOST_TEST(std::isnan(auroc(none, one)));
    BOOST_TEST(std::isnan(auroc(one, none)));
}

BOOST_AUTO_TEST_CASE(entropy_is_that_of_the_softmax) {
    const sdk::MatrixBuffer logits = test::normal_matrix(200, 6, sdk::Random{33}, 2.0F);
    for (std::size_t row = 0; row < 200; ++row) {
        double sum = 0.0;
        double expected = 0.0;
        for (const float logit : logits.view().row(row))
            sum += std::exp(static_cast<double>(logit));
        for (const float logit : logits.view().row(row)) {
            const double p = std::exp(static_cast<double>(logit)) / sum;
            expected -= p * std::log(p);
        }
        BOOST_TEST(predictive_entropy(logits.view().row(row)) == expected, boost::test_tools::tolerance(1e-10));
    }
}

BOOST_AUTO_TEST_CASE(entropies_at_the_ends) {
    const float equal[] = {7.0F, 7.0F, 7.0F, 7.0F};
    BOOST_TEST(predictive_entropy(equal) == std::log(4.0), boost::test_tools::tolerance(1e-15));
    const float one[] = {3.0F};
    BOOST_TEST(predictive_entropy(one) == 0.0);
    for (const double distance : {30.0, 40.0, 100.0, 700.0}) { // p log p of the other and, by its series, of the first
        const float sure[] = {static_cast<float>(distance), 0.0F};
        BOOST_TEST(predictive_entropy(sure) == std::exp(-distance) * (1.0 + distance),
                   boost::test_tools::tolerance(1e-11));
    }
}

BOOST_AUTO_TEST_CASE(entropy_of_what_is_no_number_is_none) {
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity})
        for (std::size_t place = 0; place < 3; ++place) {
            float logits[] = {0.0F, 1.0F, 2.0F};
            logits[place] = bad;
            BOOST_TEST(std::isnan(predictive_entropy(logits)), bad << " at " << place);
        }
}

BOOST_AUTO_TEST_SUITE_END()
