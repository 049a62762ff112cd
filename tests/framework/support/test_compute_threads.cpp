// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/compute_threads.hpp>

#include <boost/test/unit_test.hpp>
#include <omp.h>

BOOST_AUTO_TEST_SUITE(test_compute_threads)

BOOST_AUTO_TEST_CASE(the_number_of_threads_is_as_before_afterwards) {
    const int before = omp_get_max_threads();
    {
        const retort::framework::ComputeThreads three(3);
        BOOST_TEST(omp_get_max_threads() == 3);
    }
    BOOST_TEST(omp_get_max_threads() == before);
}

BOOST_AUTO_TEST_SUITE_END()
