// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/conformance/draws.hpp>
#include <retort/sdk/conformance/leaves.hpp>

#include <boost/test/unit_test.hpp>

#include <conformance/many_settings.hpp>

BOOST_AUTO_TEST_SUITE(test_leaves)

using namespace retort;
using namespace retort::sdk::conformance;

BOOST_AUTO_TEST_CASE(every_number_is_a_leaf_with_its_pointer) {
    test::ManySettings settings;
    std::string pointers;
    for (const Leaf &leaf : leaves_of(settings))
        pointers += leaf.pointer + " ";
    BOOST_TEST(pointers == "/rate /count /on /shape /hidden# /hidden/0 /hidden/1 /noise /inner/depth /extra? "
                           "/layers# /players# ");
}

BOOST_AUTO_TEST_CASE(a_walker_changes_what_it_visits) {
    test::ManySettings settings;
    LeafWalker walker([](Leaf &leaf) {
        if (leaf.pointer == "/extra?" || leaf.pointer == "/extra/depth")
            leaf.value = 1.0;
        if (leaf.pointer == "/noise")
            leaf.value = 0.5;
        if (leaf.pointer == "/hidden#")
            leaf.value = 3.0;
    });
    settings.fields(walker);
    BOOST_TEST(settings.settings.extra->depth == 1);
    BOOST_TEST(settings.settings.noise.value == 0.5);
    BOOST_TEST((settings.settings.noise.shape == sdk::Schedule::Shape::constant));
    BOOST_TEST(settings.settings.hidden.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_a_walk_adds_is_completed_and_the_rest_only_if_it_is_asked_to) {
    for (const bool only_new : {false, true}) {
        test::ManySettings settings;
        std::size_t bound = 0;
        LeafWalker walker(
            [](Leaf &leaf) {
                if (leaf.kind == Leaf::Kind::records)
                    leaf.value = 1.0;
            },
            [&](sdk::ComponentSlot &) { return ++bound, true; });
        walker.only_new = only_new;
        settings.fields(walker);
        BOOST_TEST(settings.settings.layers.size() == 1U);
        BOOST_TEST_REQUIRE(settings.settings.players.items.size() == 1U);
        BOOST_TEST(settings.settings.players.items[0].first == any_name);
        BOOST_TEST(settings.settings.players.items[0].second.partner == any_name);
        BOOST_TEST(settings.settings.name == ""); // the component's own: what it would be, the kit cannot know
        BOOST_TEST(bound == (only_new ? 1U : 2U));
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_bound_is_named) {
    test::ManySettings settings;
    LeafWalker walker([](Leaf &) {}, [](sdk::ComponentSlot &) { return false; });
    settings.fields(walker);
    BOOST_TEST(walker.unbound() == "optimizer at /optimizer");
}

BOOST_AUTO_TEST_SUITE_END()
