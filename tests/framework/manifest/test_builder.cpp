// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <boost/test/unit_test.hpp>

#include <support/context.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_builder)

namespace {

/// Hands out nothing: the fake trainers ask for nothing.
class NoParts final : public sdk::Parts {
  public:
    [[nodiscard]] sdk::Model &model(std::string_view) override { throw 0; }

    [[nodiscard]] const sdk::Dataset &dataset(std::string_view) override { throw 0; }

    [[nodiscard]] sdk::Random dataset_random(std::string_view) override { return {}; }
};

/// "pointer: message [plugin]" of the sdk::Error that building a stage throws; "" if it throws none.
std::string built(const framework::Plan &plan, std::size_t stage, Surroundings &surroundings) {
    NoParts parts;
    try {
        (void)plan.stages.at(stage).builder->build({surroundings.context(), parts});
        return {};
    } catch (const sdk::Error &error) {
        return error.pointer() + ": " + error.what() + " [" + error.plugin() + "]";
    }
}

framework::Plan plan_with_optimizer(const framework::Registry &registry, const std::string &optimizer) {
    const std::string stage = R"("model": "teacher", "data": "mnist", "optimizer": )" + optimizer + "}";
    return read_plan(parsed(manifest_with(R"("model": "teacher", "data": "mnist"})", stage)), registry);
}

} // namespace

BOOST_AUTO_TEST_CASE(settings_reach_the_component) {
    const framework::Registry registry = fake_registry();
    const framework::Plan plan = read_plan(parsed(), registry);
    Surroundings surroundings;
    const auto model = plan.models.at(0).builder->build({surroundings.context(), 4, {}, 2});
    BOOST_TEST(model->taps().size() == 3U);
    BOOST_TEST(model->taps()[0].width == 12U);
    BOOST_TEST(model->taps()[2].width == 2U);
    BOOST_TEST(built(plan, 0, surroundings).empty());
    BOOST_TEST(built(plan, 1, surroundings).empty());
    BOOST_TEST(surroundings.problems.items.empty());
}

BOOST_AUTO_TEST_CASE(whatever_a_nested_constructor_throws_says_where_and_who) {
    const framework::Registry registry = fake_registry();
    Surroundings surroundings;
    const auto faulty = [&](const std::string &throws) {
        const std::string optimizer = R"({"type": "faulty", "throws": ")" + throws + "\"}";
        return built(plan_with_optimizer(registry, optimizer), 0, surroundings);
    };
    BOOST_TEST(faulty("settings") == "/stages/0/optimizer/throws: never right [fakes]");
    BOOST_TEST(faulty("exception") == "/stages/0/optimizer: out of bounds [fakes]");
    BOOST_TEST(faulty("number") == "/stages/0/optimizer: threw something that is no std::exception [fakes]");
}

BOOST_AUTO_TEST_CASE(problems_of_a_nested_constructor_say_where) {
    const framework::Registry registry = fake_registry();
    const framework::Plan plan = read_plan(parsed(manifest_with("[6]", "[6, 7, 9]")), registry);
    Surroundings surroundings;
    BOOST_TEST(built(plan, 1, surroundings).empty());
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == 2U);
    BOOST_TEST(surroundings.problems.items[0].first == "/stages/1/adversaries/0/discriminator/hidden/1");
    BOOST_TEST(surroundings.problems.items[1].first == "/stages/1/adversaries/0/discriminator/hidden/2");
    BOOST_TEST(surroundings.problems.items[1].second == "is odd");
    BOOST_TEST(surroundings.problems.plugins[1] == "fakes");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
