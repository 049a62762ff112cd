// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/optimizer.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_optimizer)

using namespace retort;
using namespace retort::sdk;

namespace {

/// Gradient descent at rate 1: as little as an optimizer must do.
class Descent final : public Optimizer {
  public:
    void attach(std::span<const Parameters> parameters) override { all_.assign(parameters.begin(), parameters.end()); }

    void step(Progress, Random) override {
        for (const Parameters &arena : all_)
            for (std::size_t i = 0; i < arena.values.size(); ++i)
                arena.values[i] -= arena.gradients[i];
    }

  private:
    std::vector<Parameters> all_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_step_is_one_loop_over_each_attached_arena_and_leaves_the_gaps_at_0) {
    Arena one;
    Arena other;
    one.add("weight", {3, 7}, true); // 21 numbers in 32
    one.add("bias", {3}, false);
    other.add("weight", {2}, true);
    for (Arena *arena : {&one, &other}) {
        arena->allocate();
        std::ranges::fill(arena->gradients(0), 2.0F);
    }
    Descent descent;
    Optimizer &optimizer = descent;
    BOOST_TEST(Optimizer::role == "optimizer");
    const std::array<Parameters, 2> parameters{one.parameters(), other.parameters()};
    optimizer.attach(parameters);
    optimizer.step({}, Random{});
    BOOST_TEST(std::ranges::count(one.parameters().values, -2.0F) == 21);
    BOOST_TEST(std::ranges::count(one.parameters().values, 0.0F) == 48 - 21);
    BOOST_TEST(std::ranges::count(other.parameters().values, -2.0F) == 2);
}

BOOST_AUTO_TEST_CASE(an_optimizer_without_moments_has_no_state) {
    Descent descent;
    BOOST_TEST((test::State::of(descent) == test::State{}));
}

BOOST_AUTO_TEST_SUITE_END()
