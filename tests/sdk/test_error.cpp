// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_error)

using namespace retort::sdk;

BOOST_AUTO_TEST_CASE(an_error_says_what_where_and_who) {
    const Error error(ErrorKind::settings, "width is 0, must be at least 1", "/width", "mlp");
    BOOST_TEST(std::string(error.what()) == "width is 0, must be at least 1");
    BOOST_TEST((error.kind() == ErrorKind::settings));
    BOOST_TEST(error.pointer() == "/width");
    BOOST_TEST(error.plugin() == "mlp");
    BOOST_TEST(Error(ErrorKind::data, "outside plugins").plugin() == "");
}

BOOST_AUTO_TEST_SUITE_END()
