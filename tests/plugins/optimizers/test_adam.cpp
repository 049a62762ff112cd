// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <plugins/optimizers/adam/adam.hpp>

namespace test_adam {

using namespace retort;
using optimizer_adam::Adam;

/// Algorithm 1 of the paper, in double, in its own order.
struct Reference {
    Adam::Settings settings;
    std::vector<double> w, m, v;
    int t = 0;

    Reference(const Adam::Settings &use, std::span<const float> values)
        : settings(use), w(values.begin(), values.end()), m(w.size()), v(w.size()) {}

    void step(std::span<const float> gradient, double rate) {
        ++t;
        for (std::size_t i = 0; i < w.size(); ++i) {
            const double g = gradient[i];
            m[i] = settings.beta1 * m[i] + (1.0 - settings.beta1) * g;
            v[i] = settings.beta2 * v[i] + (1.0 - settings.beta2) * g * g;
            const double m_hat = m[i] / (1.0 - std::pow(settings.beta1, t));
            const double v_hat = v[i] / (1.0 - std::pow(settings.beta2, t));
            w[i] -= rate * m_hat / (std::sqrt(v_hat) + settings.epsilon);
        }
    }
};

using Fixture = test::OptimizerFixture<Adam>;

} // namespace test_adam

BOOST_FIXTURE_TEST_SUITE(test_adam, Fixture)

// After one step m_hat = g and v_hat = g^2, so w moves by rate * g / (|g| + epsilon).
BOOST_AUTO_TEST_CASE(first_step_has_a_closed_form) {
    sdk::Arena arena;
    arena.add("w", {4}, true);
    arena.allocate();
    const std::vector<float> gradient{3.0F, -1e-3F, 1e-8F, 0.0F};
    std::copy(gradient.begin(), gradient.end(), arena.gradients(0).begin());
    make({}, {arena.parameters()})->step({0, 10}, {});
    const std::vector<float> expected{-0.001F, 0.001F, -0.0005F, 0.0F};
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST(std::abs(arena.values(0)[i] - expected[i]) <= 2e-8F);
}

BOOST_AUTO_TEST_CASE(a_hundred_steps_follow_the_reference) {
    check_against<Reference>({}, 2e-5);
    check_against<Reference>({0.01, 0.5, 0.9, 1e-4}, 2e-5);
    check_against<Reference>({sdk::Schedule(sdk::Schedule::Shape::cosine, 0.02, 0.001)}, 2e-5);
}

BOOST_AUTO_TEST_CASE(nothing_decays) {
    check_decay({}, 1.0F);
}

BOOST_AUTO_TEST_CASE(every_attached_arena_moves) {
    check_that_every_attached_arena_moves({});
}

BOOST_AUTO_TEST_SUITE_END()
