// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"

#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/reading.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_reading)

BOOST_AUTO_TEST_CASE(what_is_used_is_kept_once_in_order_of_first_use) {
    const framework::Registry registry = fake_registry();
    const framework::Entry *soft = registry.find("loss", "soft");
    const framework::Entry *game = registry.find("objective", "game");
    framework::Reading reading(registry);
    for (const framework::Entry *entry : {soft, game, soft})
        reading.use(*entry, "/models/net");
    const std::vector<const framework::Entry *> expected{soft, game};
    BOOST_TEST((reading.used == expected));
}

BOOST_AUTO_TEST_CASE(a_role_offers_its_own_names) {
    const framework::Registry registry = fake_registry();
    const framework::Reading reading(registry);
    const std::vector<std::string> expected{"entropy", "soft"};
    BOOST_TEST(reading.offered("loss") == expected, boost::test_tools::per_element());
    BOOST_TEST(reading.offered("gadget").empty());
}

BOOST_AUTO_TEST_CASE(plugins_are_blamed_only_when_all_mistakes_are_theirs) {
    const framework::Registry registry;
    framework::Reading reading(registry);
    reading.plugin_mistake("/models/net/type", "there is no model \"x\"", "toys");
    BOOST_TEST(reading.blames_plugins_only());
    reading.mistake("/seed", "-1 is out of range");
    BOOST_TEST(!reading.blames_plugins_only());
    BOOST_TEST_REQUIRE(reading.problems.size() == 2U);
    BOOST_TEST(reading.problems[0].where == "/models/net/type");
    BOOST_TEST(reading.problems[0].plugin == "toys");
    BOOST_TEST(reading.problems[1].where == "/seed");
    BOOST_TEST(reading.problems[1].message == "-1 is out of range");
    BOOST_TEST(reading.problems[1].plugin == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
