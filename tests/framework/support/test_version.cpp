// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/version.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_version)

BOOST_AUTO_TEST_CASE(the_version_is_the_projects) {
    BOOST_TEST(retort::framework::version() == RETORT_PROJECT_VERSION);
}

BOOST_AUTO_TEST_SUITE_END()
