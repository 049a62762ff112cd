// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/component.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <support/state.hpp>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_component)

using namespace retort;
using namespace retort::sdk;

static_assert(!std::is_copy_constructible_v<Component> && !std::is_copy_assignable_v<Component>);
static_assert(std::has_virtual_destructor_v<Component>);

namespace {

/// Overwrites whatever it is shown with 9.
class Nines final : public StateVisitor {
  public:
    void array(std::string_view name, std::span<float> values) override { take(name, values); }

    void array(std::string_view name, std::span<double> values) override { take(name, values); }

    void array(std::string_view name, std::span<std::uint64_t> values) override { take(name, values); }

    void child(std::string_view name, Component &component) override {
        names.emplace_back(name);
        component.visit_state(*this);
    }

    std::vector<std::string> names;

  private:
    template <class T> void take(std::string_view name, std::span<T> values) {
        names.push_back(std::string(name) + ":" + std::to_string(values.size()));
        for (T &value : values)
            value = T{9};
    }
};

class Leaf final : public Component {
  public:
    void visit_state(StateVisitor &visitor) override { visitor.value("counter", counter); }

    void state_restored() override { ++restored; }

    std::uint64_t counter = 3;
    int restored = 0;
};

class Tree final : public Component {
  public:
    void visit_state(StateVisitor &visitor) override {
        visitor.array("moments", std::span(moments));
        visitor.value("mean", mean);
        visitor.child("leaf", leaf);
    }

    std::array<float, 2> moments{1.0F, 2.0F};
    double mean = 0.5;
    Leaf leaf;
};

} // namespace

BOOST_AUTO_TEST_CASE(single_numbers_are_arrays_of_one_that_are_overwritten_in_place) {
    Nines nines;
    StateVisitor &visitor = nines;
    double real = 1.5;
    std::uint64_t counter = 3;
    visitor.value("real", real);
    visitor.value("counter", counter);
    BOOST_TEST((nines.names == std::vector<std::string>{"real:1", "counter:1"}));
    BOOST_TEST(real == 9.0);
    BOOST_TEST(counter == 9U);
}

BOOST_AUTO_TEST_CASE(a_component_has_no_state_unless_it_shows_some) {
    Component plain;
    Nines nines;
    plain.visit_state(nines);
    plain.state_restored();
    BOOST_TEST(nines.names.empty());
}

BOOST_AUTO_TEST_CASE(state_of_every_type_and_of_children_is_restored_by_name) {
    Tree tree;
    test::State kept = test::State::of(tree);
    BOOST_TEST(kept.integers.at("leaf/counter").at(0) == 3U);
    Nines nines;
    tree.visit_state(nines);
    BOOST_TEST((nines.names == std::vector<std::string>{"moments:2", "mean:1", "leaf", "counter:1"}));
    BOOST_TEST((test::State::of(tree) != kept));
    kept.restore(tree);
    BOOST_TEST((test::State::of(tree) == kept));
    BOOST_TEST(tree.moments[1] == 2.0F);
    BOOST_TEST(tree.leaf.restored == 1);
}

BOOST_AUTO_TEST_SUITE_END()
