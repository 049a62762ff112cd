// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/shared/optimizer_arenas.hpp>
#include <support/context.hpp>
#include <support/state.hpp>

namespace test_optimizer_arenas {

using namespace retort;
using plugin_support::OptimizerArenas;
using plugin_support::Stretch;
using plugin_support::stretches;

/// Tensors of 20, 5, 3 and 40 elements at 0, 32, 48 and 64; the last but one and the one before it do not decay.
struct Fixture {
    Fixture() {
        arena.add("weight", {4, 5}, true);
        arena.add("bias", {5}, false);
        arena.add("other_bias", {3}, false);
        arena.add("other_weight", {40}, true);
        arena.allocate();
    }

    test::Surroundings surroundings;
    sdk::Arena arena;
};

} // namespace test_optimizer_arenas

BOOST_FIXTURE_TEST_SUITE(test_optimizer_arenas, Fixture)

BOOST_AUTO_TEST_CASE(stretches_join_what_decays_alike_and_leave_no_gap) {
    const std::vector<Stretch> found = stretches(arena.parameters());
    BOOST_TEST_REQUIRE(found.size() == 3U);
    BOOST_TEST((found[0].begin == 0 && found[0].end == 32 && found[0].decays));
    BOOST_TEST((found[1].begin == 32 && found[1].end == 64 && !found[1].decays));
    BOOST_TEST((found[2].begin == 64 && found[2].end == arena.parameters().values.size() && found[2].decays));
    BOOST_TEST(stretches({}).empty());
}

BOOST_AUTO_TEST_CASE(every_element_is_in_one_part_with_what_belongs_to_it) {
    OptimizerArenas<2> arenas({"first", "second"}, surroundings.services);
    const sdk::Parameters all = arena.parameters();
    sdk::Arena small;
    small.add("w", {1}, true);
    small.allocate();
    const sdk::Parameters both[] = {all, small.parameters()};
    arenas.attach(both);
    for (std::size_t i = 0; i < all.gradients.size(); ++i)
        all.gradients[i] = static_cast<float>(i);
    surroundings.services.parts = 7; // whose bounds lie within tensors
    arenas.for_each_part([&](const OptimizerArenas<2>::Part &part) {
        for (std::size_t i = 0; i < part.size; ++i) {
            part.values[i] += 1.0F + part.gradients[i];
            part.buffers[0][i] += part.decays ? 1.0F : 2.0F;
            part.buffers[1][i] += part.values[i];
        }
    });
    const test::State state = [&] {
        struct Shown final : sdk::Component {
            explicit Shown(OptimizerArenas<2> &shown) : shown_(shown) {}
            void visit_state(sdk::StateVisitor &visitor) override { shown_.visit_state(visitor); }
            OptimizerArenas<2> &shown_;
        } component(arenas);
        return test::State::of(component);
    }();
    BOOST_TEST_REQUIRE(state.floats.size() == 4U);
    for (std::size_t i = 0; i < all.values.size(); ++i) {
        BOOST_TEST(all.values[i] == 1.0F + static_cast<float>(i));
        BOOST_TEST(state.floats.at("first.0")[i] == (i >= 32 && i < 64 ? 2.0F : 1.0F));
        BOOST_TEST(state.floats.at("second.0")[i] == all.values[i]);
    }
    BOOST_TEST(small.values(0)[0] == 1.0F);
    BOOST_TEST(state.floats.at("second.1")[0] == 1.0F);
}

BOOST_AUTO_TEST_CASE(a_rounded_copy_follows_the_values) {
    sdk::Arena rounded;
    rounded.add("w", {70, 30}, true);
    rounded.add("b", {3}, false);
    rounded.allocate(true);
    const sdk::Parameters all = rounded.parameters();
    const sdk::Parameters both[] = {arena.parameters(), all};
    OptimizerArenas<1> arenas({"first"}, surroundings.services);
    arenas.attach(both);
    surroundings.services.parts = 3;
    arenas.for_each_part([](const OptimizerArenas<1>::Part &part) {
        for (std::size_t i = 0; i < part.size; ++i)
            part.values[i] = 1.0F / static_cast<float>(i + 1);
    });
    BOOST_TEST(all.rounded->current);
    BOOST_TEST((arena.parameters().rounded == nullptr));
    for (std::size_t i = 0; i < all.values.size(); ++i)
        BOOST_TEST(all.rounded->values[i].bits == sdk::to_bfloat16(all.values[i]).bits);
}

BOOST_AUTO_TEST_SUITE_END()
