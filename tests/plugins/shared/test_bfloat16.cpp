// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <plugins/shared/bfloat16.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_bfloat16)

using namespace retort;
using sdk::Bfloat16;

namespace {

float rounded(float value) {
    Bfloat16 result{};
    plugin_support::round_to_bfloat16({&value, 1}, {&result, 1});
    return std::bit_cast<float>(static_cast<std::uint32_t>(result.bits) << 16U);
}

} // namespace

// Between 1 and 2 the spacing is 2^-7.
BOOST_AUTO_TEST_CASE(to_the_nearest_and_ties_to_even) {
    BOOST_TEST(rounded(1.0F) == 1.0F);
    BOOST_TEST(rounded(1.0F + 0.0039F) == 1.0F);
    BOOST_TEST(rounded(1.0F + 0.00390625F) == 1.0F); // a tie: 1 ends in an even bit
    BOOST_TEST(rounded(1.0F + 0.0040F) == 1.0078125F);
    BOOST_TEST(rounded(1.0078125F + 0.00390625F) == 1.015625F); // a tie: the next above is even
    BOOST_TEST(rounded(-1.0F - 0.0040F) == -1.0078125F);
}

BOOST_AUTO_TEST_CASE(zeros_infinities_and_nan_stay_what_they_are) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    BOOST_TEST(rounded(infinity) == infinity);
    BOOST_TEST(rounded(-infinity) == -infinity);
    BOOST_TEST(rounded(std::numeric_limits<float>::max()) == infinity); // the nearest
    BOOST_TEST(std::signbit(rounded(-0.0F)));
    BOOST_TEST(std::isnan(rounded(std::numeric_limits<float>::quiet_NaN())));
    BOOST_TEST(std::isnan(rounded(std::bit_cast<float>(0x7f800001U)))); // whose upper half alone is an infinity
    BOOST_TEST(std::isnan(rounded(std::bit_cast<float>(0x7fffffffU)))); // that would carry over
}

BOOST_AUTO_TEST_CASE(no_number_moves_by_more_than_half_a_step) {
    std::vector<float> values(1003);
    sdk::fill_normal(sdk::Random{1}, values);
    std::vector<Bfloat16> results(values.size());
    plugin_support::round_to_bfloat16(values, results);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float result = std::bit_cast<float>(static_cast<std::uint32_t>(results[i].bits) << 16U);
        BOOST_TEST(std::abs(result - values[i]) <= std::abs(values[i]) / 256.0F);
        BOOST_TEST(result == rounded(values[i]));
    }
}

BOOST_AUTO_TEST_SUITE_END()
