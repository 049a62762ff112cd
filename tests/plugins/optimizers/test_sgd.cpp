// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <plugins/optimizers/sgd/sgd.hpp>
#include <support/listing.hpp>

namespace test_sgd {

using namespace retort;
using optimizer_sgd::Sgd;

/// Momentum in double. Nesterov's method is taken from its own definition, with the gradient at the point ahead:
/// y is that point, x the iterate, x_t+1 = y_t - rate g(y_t), y_t+1 = x_t+1 + momentum (x_t+1 - x_t). For a constant
/// rate the optimizer's value is y.
struct Reference {
    Sgd::Settings settings;
    std::vector<double> w, x, u;

    Reference(const Sgd::Settings &use, std::span<const float> values)
        : settings(use), w(values.begin(), values.end()), x(w), u(w.size()) {}

    void step(std::span<const float> gradient, double rate) {
        for (std::size_t i = 0; i < w.size(); ++i) {
            const double decay = i < test::Weights::decaying ? settings.weight_decay : 0.0;
            const double g = gradient[i] + decay * w[i];
            if (settings.nesterov) {
                const double next = w[i] - rate * g;
                w[i] = next + settings.momentum * (next - x[i]);
                x[i] = next;
            } else {
                u[i] = settings.momentum * u[i] + g;
                w[i] -= rate * u[i];
            }
        }
    }
};

using Fixture = test::OptimizerFixture<Sgd>;

} // namespace test_sgd

BOOST_FIXTURE_TEST_SUITE(test_sgd, Fixture)

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    Sgd::Settings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
learning_rate: schedule 0..1000 = 0.01
momentum: real 0..0.999999 = 0.9
nesterov: flag = 0
weight_decay: real 0..10 = 0)");
}

// Gradient 1 throughout, rate 0.5, momentum 0.5: u = 1, 1.5, 1.75; Nesterov's adds half of that to the gradient.
BOOST_AUTO_TEST_CASE(three_steps_by_hand) {
    for (const bool nesterov : {false, true}) {
        sdk::Arena arena;
        arena.add("w", {1}, true);
        arena.allocate();
        arena.gradients(0)[0] = 1.0F;
        const auto sgd = make({0.5, 0.5, nesterov, 0.0}, {arena.parameters()});
        for (std::uint64_t k = 0; k < 3; ++k)
            sgd->step({k, 3}, {});
        BOOST_TEST(arena.values(0)[0] == (nesterov ? -0.5F * (1.5F + 1.75F + 1.875F) : -0.5F * (1.0F + 1.5F + 1.75F)));
    }
}

// Relative to values that grow to 1e5, as gradients up to 1e3 move them.
BOOST_AUTO_TEST_CASE(a_hundred_steps_follow_the_reference) {
    for (const Sgd::Settings &settings :
         {Sgd::Settings{}, Sgd::Settings{0.1, 0.0, false, 0.0}, Sgd::Settings{0.1, 0.5, false, 0.2},
          Sgd::Settings{0.1, 0.9, true, 0.0}, Sgd::Settings{0.1, 0.8, true, 0.2}})
        check_against<Reference>(settings, 2e-5);
    check_against<Reference>({sdk::Schedule(sdk::Schedule::Shape::cosine, 0.2, 0.001), 0.9, false, 0.1}, 2e-5);
}

BOOST_AUTO_TEST_CASE(decay_leaves_biases_alone) {
    check_decay({0.1, 0.9, false, 0.5}, 0.95F);
    check_decay({0.1, 0.5, true, 0.5}, 1.0F - 0.1F * 1.5F * 0.5F);
    check_decay({0.1, 0.9, false, 0.0}, 1.0F);
}

BOOST_AUTO_TEST_CASE(every_attached_arena_moves) {
    check_that_every_attached_arena_moves({});
}

BOOST_AUTO_TEST_SUITE_END()
