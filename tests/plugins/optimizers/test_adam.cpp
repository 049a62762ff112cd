// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/optimizers/adam/adam.hpp>
#include <support/context.hpp>
#include <support/state.hpp>
#include <vector>

namespace {

using namespace retort;
using optimizer_adam::Adam;

/// An arena of two tensors whose sizes are no multiple of a vector's width, with a gap between them.
struct Weights {
    explicit Weights(std::uint64_t seed) {
        arena.add("a", {7, 5}, true);
        arena.add("b", {3}, false);
        arena.allocate();
        for (const std::size_t tensor : {0U, 1U})
            sdk::fill_normal(sdk::Random{seed}.at(tensor), arena.values(tensor));
    }

    /// A gradient whose elements span magnitudes from 1e-6 to 1e3.
    void draw_gradient(std::uint64_t step) {
        for (const std::size_t tensor : {0U, 1U}) {
            const std::span<float> gradient = arena.gradients(tensor);
            sdk::fill_normal(sdk::Random{99}.at(step).at(tensor), gradient);
            for (std::size_t i = 0; i < gradient.size(); ++i)
                gradient[i] *= std::pow(10.0F, static_cast<float>(i % 10) - 6.0F);
        }
    }

    sdk::Arena arena;
};

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

struct Fixture {
    [[nodiscard]] std::unique_ptr<Adam> make(const Adam::Settings &settings, std::vector<sdk::Parameters> arenas) {
        auto adam = std::make_unique<Adam>(settings, sdk::OptimizerContext{surroundings.context()});
        adam->attach(arenas);
        return adam;
    }

    test::Surroundings surroundings;
};

std::vector<float> copy(std::span<const float> values) {
    return {values.begin(), values.end()};
}

} // namespace

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
    for (const Adam::Settings &settings : {Adam::Settings{}, Adam::Settings{0.01, 0.5, 0.9, 1e-4}}) {
        Weights weights(1);
        Reference reference(settings, weights.arena.parameters().values);
        const auto adam = make(settings, {weights.arena.parameters()});
        for (std::uint64_t k = 0; k < 100; ++k) {
            weights.draw_gradient(k);
            reference.step(weights.arena.parameters().gradients, settings.learning_rate.value);
            adam->step({k, 100}, {});
        }
        const std::span<const float> values = weights.arena.parameters().values;
        for (std::size_t i = 0; i < values.size(); ++i)
            BOOST_TEST(std::abs(static_cast<double>(values[i]) - reference.w[i]) <= 2e-5, "element " << i);
    }
}

BOOST_AUTO_TEST_CASE(learning_rate_follows_its_schedule) {
    Adam::Settings settings;
    settings.learning_rate = sdk::Schedule(sdk::Schedule::Shape::cosine, 0.02, 0.001);
    Weights weights(1);
    Reference reference(settings, weights.arena.parameters().values);
    const auto adam = make(settings, {weights.arena.parameters()});
    for (std::uint64_t k = 0; k < 20; ++k) {
        weights.draw_gradient(k);
        reference.step(weights.arena.parameters().gradients, settings.learning_rate.at({k, 20}));
        adam->step({k, 20}, {});
    }
    const std::span<const float> values = weights.arena.parameters().values;
    for (std::size_t i = 0; i < values.size(); ++i)
        BOOST_TEST(std::abs(static_cast<double>(values[i]) - reference.w[i]) <= 2e-5, "element " << i);
}

BOOST_AUTO_TEST_CASE(gaps_between_tensors_stay_zero) {
    Weights weights(1);
    const auto adam = make({}, {weights.arena.parameters()});
    weights.draw_gradient(0);
    adam->step({}, {});
    for (std::size_t i = 35; i < 48; ++i)
        BOOST_TEST(weights.arena.parameters().values[i] == 0.0F);
}

BOOST_AUTO_TEST_CASE(every_attached_arena_moves) {
    Weights one(1), other(1);
    const auto adam = make({}, {one.arena.parameters(), other.arena.parameters()});
    one.draw_gradient(0);
    other.draw_gradient(0);
    const std::vector<float> before = copy(one.arena.parameters().values);
    adam->step({}, {});
    BOOST_TEST((copy(one.arena.parameters().values) != before));
    BOOST_TEST(copy(one.arena.parameters().values) == copy(other.arena.parameters().values),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(restored_state_goes_on_with_the_same_bytes) {
    Weights whole(1);
    const auto adam = make({}, {whole.arena.parameters()});
    const auto run = [](Weights &weights, Adam &optimizer, std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t k = first; k < last; ++k) {
            weights.draw_gradient(k);
            optimizer.step({k, 10}, {});
        }
    };
    run(whole, *adam, 0, 5);
    test::State state = test::State::of(*adam);
    Weights resumed(2);
    std::ranges::copy(whole.arena.parameters().values, resumed.arena.parameters().values.begin());
    const auto fresh = make({}, {resumed.arena.parameters()});
    state.restore(*fresh);
    BOOST_TEST((test::State::of(*fresh) == state));
    run(whole, *adam, 5, 10);
    run(resumed, *fresh, 5, 10);
    BOOST_TEST(copy(resumed.arena.parameters().values) == copy(whole.arena.parameters().values),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
