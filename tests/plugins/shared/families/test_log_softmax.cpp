// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/shared/families/log_softmax.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_log_softmax, *boost::unit_test::tolerance(1e-12))

using retort::plugin_support::LogSoftmax;

BOOST_AUTO_TEST_CASE(matches_the_definition) {
    const std::vector<float> logits{1.0F, -2.0F, 0.5F};
    const LogSoftmax softmax(logits, 2.0);
    const double sum = std::exp(0.5) + std::exp(-1.0) + std::exp(0.25);
    BOOST_TEST(softmax.probability(0) == std::exp(0.5) / sum);
    BOOST_TEST(softmax.probability(1) == std::exp(-1.0) / sum);
    BOOST_TEST(softmax.log(2) == 0.25 - std::log(sum));
}

BOOST_AUTO_TEST_CASE(extreme_logits_stay_finite) {
    const std::vector<float> logits{3e38F, -3e38F, 80.0F, -80.0F};
    const LogSoftmax softmax(logits);
    BOOST_TEST(softmax.probability(0) == 1.0);
    BOOST_TEST(softmax.probability(1) == 0.0);
    BOOST_TEST(std::isfinite(softmax.log(1)));
    const LogSoftmax ends(std::span<const float>(logits).subspan(2));
    BOOST_TEST(ends.log(1) == -160.0);
    BOOST_TEST(ends.probability(1) == std::exp(-160.0));
}

BOOST_AUTO_TEST_CASE(one_class_is_certain) {
    const std::vector<float> logits{7.0F};
    BOOST_TEST(LogSoftmax(logits).log(0) == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
