// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"

#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/missing_keys.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_missing_keys)

BOOST_AUTO_TEST_CASE(keys_are_those_below_which_something_lacks) {
    const framework::Registry registry;
    framework::Reading reading(registry);
    BOOST_TEST(framework::missing_keys(reading).empty());
    reading.mistake("/name", "is required and missing");
    reading.plugin_mistake("/optimizer/type", "there is no optimizer \"adam\"");
    reading.mistake("/a~1b", "is required and missing");
    reading.mistake("/optimizer/decay", "is required and missing");
    const std::vector<std::string> expected{"name", "optimizer", "a/b"};
    BOOST_TEST(framework::missing_keys(reading) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_object_itself_is_no_key) {
    const framework::Registry registry;
    framework::Reading reading(registry);
    reading.plugin_mistake("", "the plugin declares a setting without a name");
    BOOST_TEST(framework::missing_keys(reading).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
