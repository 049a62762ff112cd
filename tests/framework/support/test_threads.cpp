// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <algorithm>
#include <framework/source/support/threads.hpp>
#include <limits>
#include <sched.h>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_threads)

using namespace retort;

namespace {

/// Leaves the calling thread the first of its processors; returns how many it had.
int keep_one_processor() {
    cpu_set_t all;
    BOOST_TEST_REQUIRE(sched_getaffinity(0, sizeof(all), &all) == 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (std::size_t i = 0; CPU_COUNT(&one) == 0; ++i)
        if (CPU_ISSET(i, &all))
            CPU_SET(i, &one);
    BOOST_TEST_REQUIRE(sched_setaffinity(0, sizeof(one), &one) == 0);
    return CPU_COUNT(&all);
}

/// Half the smallest normal number, as computed on each of the calling thread's OpenMP threads.
std::vector<float> denormals(int threads) {
    std::vector<float> found(static_cast<std::size_t>(threads), -1.0F);
#pragma omp parallel num_threads(threads)
    {
        volatile float smallest = std::numeric_limits<float>::min();
        found[static_cast<std::size_t>(omp_get_thread_num())] = smallest * 0.5F;
    }
    return found;
}

bool flushed(const std::vector<float> &values) {
    return std::all_of(values.begin(), values.end(), [](float value) { return value == 0.0F; });
}

bool kept(const std::vector<float> &values) {
    return std::all_of(values.begin(), values.end(), [](float value) { return value > 0.0F; });
}

} // namespace

BOOST_AUTO_TEST_CASE(an_embedders_openmp_settings_come_back) {
    const int threads = omp_get_max_threads();
    const int dynamic = omp_get_dynamic();
    omp_set_dynamic(1);
    omp_set_num_threads(5);
    {
        const framework::ThreadScope scope(3);
        BOOST_TEST(omp_get_max_threads() == 3);
        BOOST_TEST(omp_get_dynamic() == 0);
    }
    BOOST_TEST(omp_get_max_threads() == 5);
    BOOST_TEST(omp_get_dynamic() != 0);
    omp_set_dynamic(dynamic);
    omp_set_num_threads(threads);
}

#if defined(__SSE__)
BOOST_AUTO_TEST_CASE(denormals_are_zero_within_on_every_thread_and_not_after) {
    BOOST_TEST(kept(denormals(4)));
    {
        const framework::ThreadScope scope(3);
        BOOST_TEST(flushed(denormals(3)));
        {
            const framework::ThreadScope inner(2);
            BOOST_TEST(flushed(denormals(2)));
        }
        BOOST_TEST(flushed(denormals(3)));
    }
    BOOST_TEST(kept(denormals(4)));
}

BOOST_AUTO_TEST_CASE(threads_that_were_started_within_keep_denormals_after) {
    std::thread([] { // whose OpenMP threads are none yet
        {
            const framework::ThreadScope scope(3);
            BOOST_TEST(flushed(denormals(3)));
        }
        BOOST_TEST(kept(denormals(3)));
    })
        .join();
}
#endif

BOOST_AUTO_TEST_CASE(processors_are_those_that_are_left) {
    std::size_t before = 0;
    std::size_t after = 0;
    int had = 0;
    std::thread([&] { // the affinity that it changes is its own
        before = framework::available_processors();
        had = keep_one_processor();
        after = framework::available_processors();
    })
        .join();
    BOOST_TEST(before == static_cast<std::size_t>(had));
    BOOST_TEST(after == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
