// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/roles/optimizer.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <support/context.hpp>
#include <vector>

namespace retort::test {

/// An arena of two tensors whose sizes are no multiple of a vector's width, with a gap between them. The first decays.
struct Weights {
    static constexpr std::size_t decaying = 35;

    explicit Weights(std::uint64_t seed) {
        arena.add("a", {7, 5}, true);
        arena.add("b", {3}, false);
        arena.allocate();
        for (const std::size_t tensor : {0U, 1U})
            sdk::fill_normal(sdk::Random{seed}.at(tensor), arena.values(tensor));
    }

    /// A gradient whose elements span magnitudes from `smallest` to 1e9 times that.
    void draw_gradient(std::uint64_t step, float smallest = 1e-6F) {
        for (const std::size_t tensor : {0U, 1U}) {
            const std::span<float> gradient = arena.gradients(tensor);
            sdk::fill_normal(sdk::Random{99}.at(step).at(tensor), gradient);
            for (std::size_t i = 0; i < gradient.size(); ++i)
                gradient[i] *= smallest * std::pow(10.0F, static_cast<float>(i % 10));
        }
    }

    [[nodiscard]] std::span<float> values() const { return arena.parameters().values; }

    [[nodiscard]] std::vector<float> copy() const { return {values().begin(), values().end()}; }

    sdk::Arena arena;
};

template <class Optimizer> struct OptimizerFixture {
    using Settings = typename Optimizer::Settings;

    [[nodiscard]] std::unique_ptr<Optimizer> make(const Settings &settings, std::vector<sdk::Parameters> arenas) {
        auto optimizer = std::make_unique<Optimizer>(settings, sdk::OptimizerContext{surroundings.context()});
        optimizer->attach(arenas);
        return optimizer;
    }

    /// Steps `first` to `last` of `steps`.
    static void run(Weights &weights, Optimizer &optimizer, std::uint64_t first, std::uint64_t last,
                    std::uint64_t steps) {
        for (std::uint64_t k = first; k < last; ++k) {
            weights.draw_gradient(k);
            optimizer.step({k, steps}, {});
        }
    }

    /// Compares a hundred steps with those of `reference`, made from settings and first values, whose
    /// `step(gradient, rate)` moves its doubles `w`.
    template <class Reference> void check_against(const Settings &settings, double tolerance) {
        Weights weights(1);
        Reference reference(settings, weights.values());
        const auto optimizer = make(settings, {weights.arena.parameters()});
        for (std::uint64_t k = 0; k < 100; ++k) {
            weights.draw_gradient(k);
            reference.step(weights.arena.parameters().gradients, settings.learning_rate.at({k, 100}));
            optimizer->step({k, 100}, {});
        }
        for (std::size_t i = 0; i < reference.w.size(); ++i)
            BOOST_TEST(std::abs(static_cast<double>(weights.values()[i]) - reference.w[i]) <=
                           tolerance * std::max(1.0, std::abs(reference.w[i])),
                       "element " << i << " is " << weights.values()[i] << ", expected " << reference.w[i]);
    }

    void check_that_every_attached_arena_moves(const Settings &settings) {
        Weights one(1), other(1);
        const auto optimizer = make(settings, {one.arena.parameters(), other.arena.parameters()});
        one.draw_gradient(0);
        other.draw_gradient(0);
        const std::vector<float> before = one.copy();
        optimizer->step({}, {});
        BOOST_TEST((one.copy() != before));
        BOOST_TEST(one.copy() == other.copy(), boost::test_tools::per_element());
    }

    /// With gradients of zero only decaying tensors move, each element of `a` to `factor` times what it was.
    void check_decay(const Settings &settings, float factor) {
        Weights weights(1);
        const std::vector<float> before = weights.copy();
        make(settings, {weights.arena.parameters()})->step({}, {});
        for (std::size_t i = 0; i < before.size(); ++i) {
            const float expected = i < Weights::decaying ? factor * before[i] : before[i];
            BOOST_TEST(std::abs(weights.values()[i] - expected) <= 1e-6F * std::abs(expected), "element " << i);
        }
    }

    Surroundings surroundings;
};

} // namespace retort::test
