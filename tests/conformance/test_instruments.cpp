// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <host/instruments.hpp>
#include <iostream>
#include <memory>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_instruments)

using namespace retort;

extern "C" const sdk::Plugin retort_plugin_faulty_others;

namespace {

/// Instruments for code of this executable.
class Watched {
  public:
    Watched() : offers_(retort_plugin_faulty_others), instruments(*offers_.all.front().factory) {}

  private:
    sdk::conformance::Offers offers_;

  public:
    host::ProcessInstruments instruments;
};

void *volatile sink = nullptr; // so that no allocation is optimised away

} // namespace

BOOST_AUTO_TEST_CASE(allocations_of_every_kind_are_counted_and_what_is_freed_is_not_alive) {
    if (!host::ProcessInstruments::blindness().empty())
        return;
    Watched watched;
    watched.instruments.start(true);
    {
        const std::vector<float> vector(100);
        const sdk::Buffer buffer(100);
        void *const block = std::malloc(10);
        void *const aligned = std::aligned_alloc(64, 64);
        sink = block;
        sink = aligned;
        std::free(block);
        std::free(aligned);
    }
    const auto counts = watched.instruments.stop();
    BOOST_TEST(counts.own == 4U);
    BOOST_TEST(counts.alive == 0);
    sink = std::malloc(10);
    std::free(sink);
    watched.instruments.start(true);
    BOOST_TEST(watched.instruments.stop().own == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_alive) {
    if (!host::ProcessInstruments::blindness().empty())
        return;
    Watched watched;
    watched.instruments.start(true);
    sink = std::malloc(10);
    BOOST_TEST(watched.instruments.stop().alive == 1);
    std::free(sink);
}

BOOST_AUTO_TEST_CASE(the_c_librarys_own_allocations_count_as_the_callers) {
    if (!host::ProcessInstruments::blindness().empty())
        return;
    Watched watched;
    watched.instruments.start(true);
    std::FILE *const file = std::fopen("/dev/null", "r"); // allocates in the C library, on behalf of this file
    const auto counts = watched.instruments.stop();
    std::fclose(file);
    BOOST_TEST(counts.own >= 1U);
}

BOOST_AUTO_TEST_CASE(output_is_caught_whatever_way_it_takes) {
    Watched watched;
    watched.instruments.catch_output();
    std::cout << "one ";
    std::cerr << "two ";
    std::puts("three");
    const std::string text = watched.instruments.release_output();
    for (const std::string word : {"one", "two", "three"})
        BOOST_TEST(text.find(word) != std::string::npos, text);
    watched.instruments.catch_output();
    BOOST_TEST(watched.instruments.release_output() == "");
}

BOOST_AUTO_TEST_SUITE_END()
