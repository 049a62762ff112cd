// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/noise.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_noise)

using namespace retort;
using plugin_support::Dropout;

namespace {

std::vector<float> dropped(double rate, sdk::Random random, const std::vector<float> &values) {
    std::vector<float> result(values.size());
    plugin_support::drop(Dropout(rate), random, values, result);
    return result;
}

std::vector<float> normal_numbers(sdk::Random random, std::size_t count) {
    std::vector<float> result(count);
    plugin_support::add_noise(1.0F, random, std::vector<float>(count), result);
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(dropout_keeps_the_mean) {
    const std::vector<float> ones(100'000, 1.0F);
    for (const double rate : {0.1, 0.2, 0.5, 0.9}) {
        const std::vector<float> result = dropped(rate, sdk::Random{7}, ones);
        double sum = 0.0;
        for (const float value : result) {
            sum += static_cast<double>(value);
            BOOST_TEST((std::signbit(value) ? value == 0.0F
                                            : std::abs(value - static_cast<float>(1.0 / (1.0 - rate))) < 1e-3F));
        }
        const double deviation = std::sqrt(rate / (1.0 - rate) / static_cast<double>(ones.size()));
        BOOST_TEST(std::abs(sum / static_cast<double>(ones.size()) - 1.0) < 4.0 * deviation + 1e-4, "rate " << rate);
    }
}

// Decision h * 32 + i of a chunk of 256 is half h of block i of the chunk, low half first.
BOOST_AUTO_TEST_CASE(dropout_draws_from_its_stream) {
    const sdk::Random random{11};
    const std::vector<float> result = dropped(0.3, random, std::vector<float>(600, 1.0F));
    const std::uint32_t threshold = Dropout(0.3).threshold;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::size_t half = i % 256 / 32;
        const std::uint32_t word = random.block(i / 256 * 32 + i % 32)[half / 2];
        const std::uint32_t bits = half % 2 == 0 ? word & 0xFFFFU : word >> 16;
        BOOST_TEST(std::signbit(result[i]) == (bits < threshold), "number " << i);
    }
}

BOOST_AUTO_TEST_CASE(dropout_marks_only_what_it_drops) {
    const std::vector<float> zeros(1000, -0.0F);
    const std::vector<float> result = dropped(0.5, sdk::Random{3}, zeros);
    const std::vector<float> mask = dropped(0.5, sdk::Random{3}, std::vector<float>(1000, 1.0F));
    std::vector<float> gradient(1000, 1.0F);
    plugin_support::drop_gradient(Dropout(0.5), gradient, result);
    for (std::size_t i = 0; i < result.size(); ++i)
        BOOST_TEST(gradient[i] == (mask[i] > 0.0F ? 2.0F : 0.0F));
}

BOOST_AUTO_TEST_CASE(dropout_may_be_off) {
    BOOST_TEST(!Dropout(0.0).active());
    BOOST_TEST(Dropout(0.0).scale == 1.0F);
    BOOST_TEST(Dropout(0.5).active());
}

BOOST_AUTO_TEST_CASE(noise_has_the_moments_of_a_normal_distribution) {
    const std::vector<float> z = normal_numbers(sdk::Random{5}, 200'000);
    const auto count = static_cast<double>(z.size());
    double moments[4] = {};
    for (const float value : z)
        for (int power = 1; power <= 4; ++power)
            moments[power - 1] += std::pow(static_cast<double>(value), power) / count;
    BOOST_TEST(std::abs(moments[0]) < 4.0 / std::sqrt(count));
    BOOST_TEST(std::abs(moments[1] - 1.0) < 4.0 * std::sqrt(2.0 / count));
    BOOST_TEST(std::abs(moments[2]) < 4.0 * std::sqrt(15.0 / count));
    BOOST_TEST(std::abs(moments[3] - 3.0) < 4.0 * std::sqrt(96.0 / count));
}

// The fraction below x against the normal distribution's, within 4 of its standard deviations.
BOOST_AUTO_TEST_CASE(noise_has_the_quantiles_of_a_normal_distribution) {
    const std::vector<float> z = normal_numbers(sdk::Random{6}, 200'000);
    const auto count = static_cast<double>(z.size());
    for (const float x : {-3.5F, -2.0F, -1.0F, -0.3F, 0.0F, 0.1F, 0.7F, 1.5F, 3.0F}) {
        const auto below =
            static_cast<double>(std::count_if(z.begin(), z.end(), [&](float value) { return value < x; }));
        const double expected = 0.5 * std::erfc(-static_cast<double>(x) / std::sqrt(2.0));
        BOOST_TEST(std::abs(below / count - expected) < 4.0 * std::sqrt(expected * (1.0 - expected) / count),
                   "x " << x);
    }
}

// Numbers 32 apart come from one point in the plane: neither they nor their squares correlate.
BOOST_AUTO_TEST_CASE(noise_is_independent_within_a_pair) {
    const std::vector<float> z = normal_numbers(sdk::Random{7}, 200'000 / 128 * 128);
    double product = 0.0;
    double squares = 0.0;
    double count = 0.0;
    for (std::size_t i = 0; i + 32 < z.size(); i += (i % 64 == 31 ? 33 : 1)) {
        const auto first = static_cast<double>(z[i]);
        const auto second = static_cast<double>(z[i + 32]);
        product += first * second;
        squares += (first * first - 1.0) * (second * second - 1.0);
        count += 1.0;
    }
    BOOST_TEST(std::abs(product / count) < 4.0 / std::sqrt(count));
    BOOST_TEST(std::abs(squares / count) < 4.0 * 2.0 / std::sqrt(count));
}

BOOST_AUTO_TEST_CASE(noise_is_added_in_its_measure) {
    const std::vector<float> values(1001, 5.0F);
    std::vector<float> result(values.size());
    plugin_support::add_noise(0.25F, sdk::Random{5}, values, result);
    const std::vector<float> z = normal_numbers(sdk::Random{5}, 1001);
    for (std::size_t i = 0; i < result.size(); ++i)
        BOOST_TEST(std::abs(result[i] - (5.0F + 0.25F * z[i])) < 1e-6F);
    BOOST_TEST(normal_numbers(sdk::Random{6}, 1001) != z);
    std::vector<float> beginning(z.begin(), z.begin() + 130);
    BOOST_TEST(normal_numbers(sdk::Random{5}, 130) == beginning, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
