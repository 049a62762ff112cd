// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/setting_types.hpp>

#include <boost/test/unit_test.hpp>

#include <support/context.hpp>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(test_setting_types)

using namespace retort;
using namespace retort::sdk;

static_assert(!std::is_convertible_v<std::string, ComponentSpec<Optimizer>>, "a text is no component by accident");
static_assert(std::is_same_v<ComponentSpec<Optimizer>::Role, Optimizer>);
static_assert(std::is_same_v<Reference<Model>::ReferredRole, Model>);
static_assert(std::is_same_v<Map<double>::Mapped, double>);

namespace {

class Still final : public Optimizer {
  public:
    explicit Still(const OptimizerContext &context) : random(context.random) {}

    void attach(std::span<const Parameters>) override {}

    void step(Progress, Random) override {}

    Random random;
};

class StillBuilder final : public Builder<Optimizer> {
  public:
    [[nodiscard]] std::unique_ptr<Optimizer> build(const OptimizerContext &context) const override {
        context.problems.add("", "built");
        return std::make_unique<Still>(context);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_component_setting_is_there_unless_it_is_made_optional) {
    BOOST_TEST(ComponentSpec<Optimizer>().type.empty()); // no default
    const ComponentSpec<Optimizer> adam("adam");
    BOOST_TEST(adam.type == "adam");
    BOOST_TEST(!adam.optional);
    BOOST_TEST((adam.builder == nullptr)); // until it was read
}

BOOST_AUTO_TEST_CASE(a_spec_builds_a_new_component_with_its_owners_context_each_time) {
    test::Surroundings surroundings;
    ComponentSpec<Optimizer> spec("still");
    spec.builder = std::make_shared<StillBuilder>();
    const ComponentSpec<Optimizer> copy = spec; // settings are copied into their component
    const auto one = spec.build({surroundings.context(1)});
    const auto other = copy.build({surroundings.context(2)});
    BOOST_TEST(one.get() != other.get());
    BOOST_TEST((dynamic_cast<Still &>(*one).random == Random{1}));
    BOOST_TEST((dynamic_cast<Still &>(*other).random == Random{2}));
    BOOST_TEST(surroundings.problems.items.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_map_keeps_the_order_of_the_manifest) {
    const Map<int> map{{{"b", 1}, {"a", 2}}};
    BOOST_TEST(map.items[0].first == "b");
    BOOST_TEST(map.items[1].second == 2);
    BOOST_TEST(Map<int>{}.items.empty());
    BOOST_TEST(Reference<Dataset>{}.name.empty());
}

BOOST_AUTO_TEST_SUITE_END()
