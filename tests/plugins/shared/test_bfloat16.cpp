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

/// By vectors, and what they leave over: both must say the same.
float rounded(float value) {
    const std::vector<float> values(17, value);
    std::vector<Bfloat16> results(values.size());
    plugin_support::round_to_bfloat16(values, results);
    const float first = sdk::to_float(results.front());
    const float last = sdk::to_float(results.back());
    BOOST_TEST((std::isnan(first) ? std::isnan(last) : first == last && std::signbit(first) == std::signbit(last)));
    return first;
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
        const float result = sdk::to_float(results[i]);
        BOOST_TEST(std::abs(result - values[i]) <= std::abs(values[i]) / 256.0F);
        BOOST_TEST(result == rounded(values[i]));
    }
}

// Rows that are a multiple of four and not, values with gaps between their rows, and results with gaps between theirs,
// which stay as they are.
BOOST_AUTO_TEST_CASE(rows_and_columns_are_exchanged) {
    constexpr std::uint16_t untouched = 0xffffU;
    for (const std::size_t rows : {1U, 3U, 4U, 10U, 128U})
        for (const std::size_t columns : {1U, 10U, 33U, 65U})
            for (const std::size_t gap : {0U, 3U}) {
                const std::size_t stride = columns + 5;
                const std::size_t result_stride = rows + gap;
                std::vector<Bfloat16> values(rows * stride);
                for (std::size_t i = 0; i < values.size(); ++i)
                    values[i].bits = static_cast<std::uint16_t>(i);
                std::vector<Bfloat16> result(result_stride * columns + 1, Bfloat16{untouched});
                plugin_support::transpose(values.data(), rows, columns, stride, result.data(), result_stride);
                std::size_t right = 0;
                for (std::size_t i = 0; i < result.size(); ++i) {
                    const std::size_t row = i % result_stride;
                    const std::size_t c = i / result_stride;
                    const bool is_value = row < rows && c < columns;
                    right += result[i].bits == (is_value ? values[row * stride + c].bits : untouched) ? 1U : 0U;
                }
                BOOST_TEST(right == result.size(), rows << " rows of " << columns << ", gap " << gap);
            }
}

BOOST_AUTO_TEST_SUITE_END()
