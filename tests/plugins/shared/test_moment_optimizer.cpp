// SPDX-License-Identifier: Apache-2.0
#include "../optimizers/fixture.hpp"

#include <plugins/shared/moment_optimizer.hpp>
#include <support/listing.hpp>
#include <support/state.hpp>

namespace test_moment_optimizer {

using namespace retort;
using plugin_support::MomentOptimizer;
using plugin_support::MomentSettings;

/// What an optimizer adds to the shared part: a name for the weight decay.
struct Decaying final : MomentOptimizer {
    struct Settings : MomentSettings {
        double weight_decay = 0.5;
    };

    Decaying(const Settings &settings, const sdk::OptimizerContext &context)
        : MomentOptimizer(settings, settings.weight_decay, context) {}
};

using Fixture = test::OptimizerFixture<Decaying>;

} // namespace test_moment_optimizer

BOOST_FIXTURE_TEST_SUITE(test_moment_optimizer, Fixture)

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    MomentSettings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
learning_rate: schedule 0..10 = 0.001
beta1: real 0..0.999999 = 0.9
beta2: real 0..1 = 0.999
epsilon: real 1e-16..1 = 1e-08)");
}

// The first step is rate * (g / (|g| + epsilon) + decay * w), the second of a constant gradient the same.
BOOST_AUTO_TEST_CASE(the_moments_and_the_decay_add_up) {
    sdk::Arena arena;
    arena.add("weight", {1}, true);
    arena.add("bias", {1}, false);
    arena.allocate();
    Decaying::Settings settings;
    settings.learning_rate = 0.1;
    const auto optimizer = make(settings, {arena.parameters()});
    for (const std::size_t tensor : {0U, 1U}) {
        arena.values(tensor)[0] = 2.0F;
        arena.gradients(tensor)[0] = -4.0F;
    }
    optimizer->step({0, 2}, {});
    BOOST_TEST(std::abs(arena.values(0)[0] - 2.0F) < 1e-6F); // 2 + 0.1 * (1 - 0.5 * 2)
    BOOST_TEST(std::abs(arena.values(1)[0] - 2.1F) < 1e-6F);
    optimizer->step({1, 2}, {});
    BOOST_TEST(std::abs(arena.values(0)[0] - 2.0F) < 1e-6F);
    BOOST_TEST(std::abs(arena.values(1)[0] - 2.2F) < 1e-6F);
}

BOOST_AUTO_TEST_CASE(bytes_do_not_depend_on_how_loops_are_shared) {
    std::vector<std::vector<float>> results;
    for (const std::size_t parts : {1U, 3U}) {
        surroundings.services.parts = parts;
        test::Weights weights(1);
        run(weights, *make({}, {weights.arena.parameters()}), 0, 5, 5);
        results.push_back(weights.copy());
    }
    BOOST_TEST(results[0] == results[1], boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(its_state_is_the_moments_and_the_number_of_steps) {
    test::Weights weights(1);
    const auto optimizer = make({}, {weights.arena.parameters()});
    run(weights, *optimizer, 0, 3, 3);
    const test::State state = test::State::of(*optimizer);
    BOOST_TEST(state.integers.at("steps")[0] == 3U);
    BOOST_TEST(state.floats.at("first_moment.0").size() == weights.values().size());
    BOOST_TEST(state.floats.at("second_moment.0")[0] > 0.0F);
    BOOST_TEST(state.floats.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
