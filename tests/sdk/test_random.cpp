// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_random)

using retort::sdk::Random;
using Words = std::array<std::uint32_t, 4>;

namespace {

/// Philox 4x32-10 as printed in Salmon et al. 2011, with its whole 128-bit counter.
Words philox(Words counter, std::uint32_t key0, std::uint32_t key1) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = std::uint64_t{counter[0]} * 0xD2511F53;
        const std::uint64_t product1 = std::uint64_t{counter[2]} * 0xCD9E8D57;
        counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(product1),
                   static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key1,
                   static_cast<std::uint32_t>(product0)};
        key0 += 0x9E3779B9;
        key1 += 0xBB67AE85;
    }
    return counter;
}

struct Moments {
    double mean = 0.0;
    double variance = 0.0;
};

Moments moments(const std::vector<float> &values) {
    Moments result;
    const auto size = static_cast<double>(values.size());
    for (const float value : values)
        result.mean += static_cast<double>(value) / size;
    for (const float value : values)
        result.variance +=
            (static_cast<double>(value) - result.mean) * (static_cast<double>(value) - result.mean) / size;
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(known_answers_of_random123) {
    constexpr std::uint32_t ones = 0xffffffff;
    BOOST_TEST(philox({0, 0, 0, 0}, 0, 0) == (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    BOOST_TEST(philox({ones, ones, ones, ones}, ones, ones) == (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    BOOST_TEST(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0) ==
               (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    BOOST_TEST(Random{0}.block(0) == (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

BOOST_AUTO_TEST_CASE(a_block_is_philox_of_counter_and_key) {
    const Random some{0x299f31d0a4093822};
    BOOST_TEST(some.block(0x85a308d3243f6a88) == philox({0x243f6a88, 0x85a308d3, 0, 0}, 0xa4093822, 0x299f31d0));
    for (std::uint64_t i = 0; i < 100; ++i)
        BOOST_TEST(some.bits(i) == some.block(i / 4)[i % 4]);
}

BOOST_AUTO_TEST_CASE(streams_are_told_apart_by_their_path) {
    const Random root{7};
    std::vector<std::uint64_t> keys{root.key,
                                    root.at("a").key,
                                    root.at("b").key,
                                    root.at("").key,
                                    root.at("a").at("b").key,
                                    root.at("b").at("a").key,
                                    Random{8}.at("a").key};
    for (std::uint64_t i = 0; i < 1000; ++i)
        keys.push_back(root.at(i).key);
    for (std::uint64_t i = 0; i < 1000; ++i)
        keys.push_back(root.at("a").at(i).key);
    std::sort(keys.begin(), keys.end());
    BOOST_TEST((std::adjacent_find(keys.begin(), keys.end()) == keys.end()));
    BOOST_TEST((root.at("a").at(3) == Random{7}.at("a").at(3)));
    BOOST_TEST((root.at(3) == root.at(std::uint64_t{3})));
}

BOOST_AUTO_TEST_CASE(streams_never_change) {
    // Runs of an earlier version must be reproducible by a later one.
    BOOST_TEST(Random{7}.at("dropout").at(3).bits(5) == 2600729647U);
}

BOOST_AUTO_TEST_CASE(uniform_numbers_fill_the_unit_interval) {
    std::vector<float> values(100'001);
    retort::sdk::fill_uniform(Random{3}, values);
    const Moments found = moments(values);
    BOOST_TEST(found.mean == 0.5, boost::test_tools::tolerance(0.01));
    BOOST_TEST(found.variance == 1.0 / 12.0, boost::test_tools::tolerance(0.01));
    BOOST_TEST(*std::min_element(values.begin(), values.end()) >= 0.0F);
    BOOST_TEST(*std::max_element(values.begin(), values.end()) < 1.0F);
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}, std::size_t{77'777}, values.size() - 1})
        BOOST_TEST(values[i] == Random{3}.uniform(i));
    BOOST_TEST(Random::unit(0xffffffff) < 1.0F);
}

BOOST_AUTO_TEST_CASE(normal_numbers_have_the_moments_of_one) {
    std::vector<float> values(200'001);
    retort::sdk::fill_normal(Random{4}, values);
    const Moments found = moments(values);
    BOOST_TEST(std::abs(found.mean) < 0.01);
    BOOST_TEST(found.variance == 1.0, boost::test_tools::tolerance(0.02));
    const auto beyond_two = std::count_if(values.begin(), values.end(), [](float x) { return std::abs(x) > 2.0F; });
    BOOST_TEST(static_cast<double>(beyond_two) / 200'001.0 == 0.0455, boost::test_tools::tolerance(0.05));
    const auto [first, second] = Random{4}.normal_pair(50);
    BOOST_TEST(values[100] == first);
    BOOST_TEST(values[101] == second);
}

BOOST_AUTO_TEST_CASE(below_is_uniform_over_its_bound) {
    std::array<int, 7> counts{};
    for (std::uint64_t i = 0; i < 70'000; ++i)
        ++counts[Random{5}.below(i, 7)];
    for (const int count : counts)
        BOOST_TEST(std::abs(count - 10'000) < 400); // four standard deviations
    BOOST_TEST(Random{5}.below(0, 1) == 0U);
}

BOOST_AUTO_TEST_CASE(shuffle_is_a_permutation_and_every_place_is_likely) {
    std::array<std::array<int, 4>, 4> counts{};
    for (std::uint64_t i = 0; i < 8'000; ++i) {
        std::array<std::size_t, 4> values{0, 1, 2, 3};
        retort::sdk::shuffle(Random{6}.at(i), std::span<std::size_t>(values));
        for (std::size_t place = 0; place < 4; ++place)
            ++counts[values[place]][place];
    }
    for (const auto &places : counts) {
        BOOST_TEST(std::accumulate(places.begin(), places.end(), 0) == 8'000);
        for (const int count : places)
            BOOST_TEST(std::abs(count - 2'000) < 160);
    }
}

BOOST_AUTO_TEST_SUITE_END()
