// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <plugins/optimizers/sgld/sgld.hpp>
#include <support/listing.hpp>

using namespace retort;
using optimizer_sgld::Preconditioner;
using optimizer_sgld::Sgld;

namespace {

/// Chains side by side, one an element, on the density of a normal distribution with a mean and a precision: as if the
/// mean loss over N examples were precision / N * (w - mean)^2 / 2.
struct Chains {
    static constexpr std::size_t count = 4000;
    static constexpr double mean = 1.5;
    static constexpr double precision = 4.0;
    static constexpr double examples = 50.0;

    explicit Chains(bool decays) {
        arena.add("w", {count}, decays);
        arena.allocate();
    }

    void run(Sgld &optimizer, std::uint64_t steps) {
        for (std::uint64_t k = 0; k < steps; ++k) {
            for (std::size_t i = 0; i < count; ++i)
                arena.gradients(0)[i] =
                    static_cast<float>(precision / examples * (static_cast<double>(arena.values(0)[i]) - mean));
            optimizer.step({k, steps}, sdk::Random{3}.at(k));
        }
    }

    [[nodiscard]] double average() const {
        double sum = 0.0;
        for (const float value : arena.values(0))
            sum += static_cast<double>(value);
        return sum / count;
    }

    [[nodiscard]] double variance() const {
        const double centre = average();
        double sum = 0.0;
        for (const float value : arena.values(0))
            sum += (static_cast<double>(value) - centre) * (static_cast<double>(value) - centre);
        return sum / (count - 1);
    }

    /// Within four standard errors of independent normal chains.
    void check(double expected_mean, double expected_variance) const {
        const double error = std::sqrt(expected_variance / count);
        BOOST_TEST(std::abs(average() - expected_mean) < 4 * error, average() << ", expected " << expected_mean);
        BOOST_TEST(std::abs(variance() / expected_variance - 1.0) < 4 * std::sqrt(2.0 / count),
                   variance() << ", expected " << expected_variance);
    }

    sdk::Arena arena;
};

Sgld::Settings settings_of(double step_size) {
    Sgld::Settings settings;
    settings.step_size = step_size;
    settings.examples = static_cast<std::uint64_t>(Chains::examples);
    settings.prior_precision = 0.0;
    return settings;
}

} // namespace

using Fixture = test::OptimizerFixture<Sgld>;

BOOST_FIXTURE_TEST_SUITE(test_sgld, Fixture)

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    Sgld::Settings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
step_size: schedule 0..1000 = 1e-05
decay_power: real 0..1 = 0
decay_steps: real 1..1e+12 = 1000
examples!: integer 1..1e+12 = 0
prior_precision: real 0..1e+06 = 1
temperature: real 0..1000 = 1
preconditioner: choice of 2 = none
smoothing: real 0..0.999999 = 0.99
epsilon: real 1e-06..1 = 1e-05)");
}

// A step e on a normal density of precision p has itself a stationary distribution: normal, of variance
// 1 / (p (1 - e p / 4)), which is 1 / p as e goes to 0.
BOOST_AUTO_TEST_CASE(a_normal_target_is_met_within_the_monte_carlo_error) {
    for (const double size : {0.02, 0.2, 0.5}) {
        Chains chains(false);
        const auto optimizer = make(settings_of(size), {chains.arena.parameters()});
        chains.run(*optimizer, static_cast<std::uint64_t>(12.0 / size));
        chains.check(Chains::mean, 1.0 / (Chains::precision * (1.0 - size * Chains::precision / 4.0)));
    }
}

// N g + p w: the posterior of a normal likelihood of precision 4 at 1.5 and a prior of precision 12 at 0.
BOOST_AUTO_TEST_CASE(the_prior_pulls_what_decays_towards_zero) {
    Sgld::Settings settings = settings_of(0.02);
    settings.prior_precision = 12.0;
    const double both = 16.0;
    for (const bool decays : {true, false}) {
        Chains chains(decays);
        chains.run(*make(settings, {chains.arena.parameters()}), 400);
        if (decays)
            chains.check(Chains::mean * Chains::precision / both, 1.0 / (both * (1.0 - 0.02 * both / 4.0)));
        else
            chains.check(Chains::mean, 1.0 / (Chains::precision * (1.0 - 0.02 * Chains::precision / 4.0)));
    }
}

BOOST_AUTO_TEST_CASE(the_temperature_scales_the_variance) {
    for (const double temperature : {0.0, 0.25, 3.0}) {
        Sgld::Settings settings = settings_of(0.1);
        settings.temperature = temperature;
        Chains chains(false);
        chains.run(*make(settings, {chains.arena.parameters()}), 150);
        if (temperature == 0.0)
            BOOST_TEST(std::abs(static_cast<double>(chains.arena.values(0)[0]) - Chains::mean) < 1e-5); // plain descent
        else
            chains.check(Chains::mean, temperature / (Chains::precision * (1.0 - 0.1 * Chains::precision / 4.0)));
    }
}

// a (b + t)^-gamma with a = e b^gamma: at step b the step is e 2^-gamma. Without noise, a step on gradient 1 from 0.
BOOST_AUTO_TEST_CASE(steps_decay_as_published) {
    for (const std::uint64_t k : {0U, 10U, 30U}) {
        Sgld::Settings settings = settings_of(0.01);
        settings.temperature = 0.0;
        settings.decay_power = 0.5;
        settings.decay_steps = 10.0;
        Chains chains(false);
        const auto optimizer = make(settings, {chains.arena.parameters()});
        std::ranges::fill(chains.arena.gradients(0), 1.0F);
        optimizer->step({k, 100}, {});
        const double size = 0.01 * std::sqrt(10.0) / std::sqrt(10.0 + static_cast<double>(k));
        BOOST_TEST(static_cast<double>(chains.arena.values(0)[7]) == -0.5 * size * Chains::examples,
                   boost::test_tools::tolerance(1e-6));
    }
}

// With v = (1 - s) g^2 after one step of gradient g, G = 1 / (sqrt(v) + epsilon): by hand, and the noise has variance e
// G.
BOOST_AUTO_TEST_CASE(rmsprop_scales_drift_and_noise) {
    Sgld::Settings settings = settings_of(0.01);
    settings.preconditioner = Preconditioner::rmsprop;
    settings.smoothing = 0.75;
    settings.epsilon = 0.5;
    const double scale = 1.0 / (0.5 * 3.0 + 0.5);
    const double drift = -0.5 * 0.01 * scale * Chains::examples * 3.0;
    for (const double temperature : {0.0, 1.0}) {
        settings.temperature = temperature;
        Chains chains(false);
        std::ranges::fill(chains.arena.gradients(0), 3.0F);
        make(settings, {chains.arena.parameters()})->step({}, sdk::Random{5});
        if (temperature == 0.0)
            BOOST_TEST(static_cast<double>(chains.arena.values(0)[7]) == drift, boost::test_tools::tolerance(1e-6));
        else
            chains.check(drift, 0.01 * scale);
    }
}

// Whatever the number of threads, and other noise for each arena, tensor and stream; gaps stay zero.
BOOST_AUTO_TEST_CASE(noise_follows_from_the_stream_and_the_place) {
    const auto stepped = [&](std::size_t threads, std::uint64_t seed) {
        surroundings.services.parts = threads;
        Chains one(true), other(true);
        make(settings_of(0.1), {one.arena.parameters(), other.arena.parameters()})->step({}, sdk::Random{seed});
        BOOST_CHECK(!std::ranges::equal(one.arena.values(0), other.arena.values(0)));
        return std::vector<float>(one.arena.values(0).begin(), one.arena.values(0).end());
    };
    BOOST_CHECK(stepped(1, 3) == stepped(5, 3));
    BOOST_CHECK(stepped(1, 3) != stepped(1, 4));
    surroundings.services.parts = 1;
    test::Weights weights(1);
    make(settings_of(0.1), {weights.arena.parameters()})->step({}, sdk::Random{3});
    const std::span<float> all = weights.values();
    for (std::size_t i = test::Weights::decaying; i < weights.arena.parameters().table[1].offset; ++i)
        BOOST_TEST(all[i] == 0.0F);
}

BOOST_AUTO_TEST_SUITE_END()
