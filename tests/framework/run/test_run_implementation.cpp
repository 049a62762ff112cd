// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/run/run_implementation.hpp>
#include <framework/source/support/threads.hpp>

BOOST_AUTO_TEST_SUITE(test_run_implementation) // how it runs: test_run.cpp

using namespace retort;

BOOST_AUTO_TEST_CASE(a_run_uses_the_threads_of_its_plan_or_all) {
    framework::Plan plan;
    BOOST_TEST(framework::threads_of(plan) == framework::available_processors());
    plan.threads = 3;
    BOOST_TEST(framework::threads_of(plan) == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
