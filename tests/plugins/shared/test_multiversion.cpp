// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <plugins/shared/multiversion.hpp>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_multiversion)

#define RETORT_TEXT_(...) #__VA_ARGS__
#define RETORT_TEXT(...) RETORT_TEXT_(__VA_ARGS__)

namespace {

RETORT_INLINE float three_halves(float value) {
    return value > 0.0F ? 1.5F * value : value;
}

RETORT_MULTIVERSION void accumulate(float *sum, const float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += three_halves(values[i]);
}

} // namespace

// Halves of small numbers are exact in float, whatever a version fuses; the lengths leave remainders of every vector.
BOOST_AUTO_TEST_CASE(the_picked_version_computes_what_the_loop_says) {
    for (std::size_t count = 0; count <= 67; ++count) {
        std::vector<float> sum(count + 1, 1.0F);
        std::vector<float> values(count + 1);
        for (std::size_t i = 0; i <= count; ++i)
            values[i] = static_cast<float>(i) - 20.0F;
        accumulate(sum.data(), values.data(), count);
        for (std::size_t i = 0; i < count; ++i)
            BOOST_TEST(sum[i] == 1.0F + (values[i] > 0.0F ? 1.5F * values[i] : values[i]));
        BOOST_TEST(sum[count] == 1.0F); // nothing beyond the end
    }
}

BOOST_AUTO_TEST_CASE(there_is_a_version_for_every_processor_and_one_for_wide_vectors) {
    constexpr std::string_view attribute = RETORT_TEXT(RETORT_MULTIVERSION);
    if (attribute.empty()) // sanitizers
        return;
    BOOST_TEST((attribute.find("\"default\"") != std::string_view::npos));
    BOOST_TEST((attribute.find("avx2") != std::string_view::npos || attribute.find("v3") != std::string_view::npos));
    BOOST_TEST((attribute.find("avx512f") != std::string_view::npos || attribute.find("v4") != std::string_view::npos));
}

BOOST_AUTO_TEST_SUITE_END()
