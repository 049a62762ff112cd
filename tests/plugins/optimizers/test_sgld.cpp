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
        run(optimizer, steps, [](std::size_t, double w, std::uint64_t) { return precision / examples * (w - mean); });
    }

    /// `gradient(i, w, k)`: of the mean loss of chain i, which is at w, in step k.
    template <class Gradient> void run(Sgld &optimizer, std::uint64_t steps, Gradient &&gradient) {
        for (std::uint64_t k = 0; k < steps; ++k) {
            for (std::size_t i = 0; i < count; ++i)
                arena.gradients(0)[i] = static_cast<float>(gradient(i, static_cast<double>(arena.values(0)[i]), k));
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

    /// Within three standard errors of independent normal chains; the variance besides within a part `bias` of it.
    void check(double expected_mean, double expected_variance, double bias = 0.0) const {
        constexpr double standard_errors = 3.0;
        const double error = std::sqrt(expected_variance / count);
        BOOST_TEST(std::abs(average() - expected_mean) < standard_errors * error,
                   average() << ", expected " << expected_mean);
        BOOST_TEST(std::abs(variance() / expected_variance - 1.0) < standard_errors * std::sqrt(2.0 / count) + bias,
                   variance() << ", expected " << expected_variance);
    }

    sdk::Arena arena;
};

struct Moments {
    double mean;
    double variance;
};

/// Normal numbers x of known precision tau around w, whose prior is normal around 0 with precision p. The posterior is
/// normal: of precision h = N tau + p, around m = tau (sum x) / h. A gradient is that of two of the numbers.
struct Numbers {
    static constexpr std::size_t count = 20;
    static constexpr double tau = 0.25;
    static constexpr double prior = 1.0;
    static constexpr double precision = count * tau + prior;
    static constexpr double mean = 0.15 * (count - 1) / 2.0; ///< of 0, 0.15, ..., 2.85

    /// Of the mean of tau (w - x)^2 / 2 over two numbers that block `chain` of the stream draws, without replacement.
    static double gradient(sdk::Random random, std::size_t chain, double w) {
        const sdk::Random::Block drawn = random.block(chain);
        const std::size_t one = drawn[0] % count;
        const std::size_t other = (one + 1 + drawn[1] % (count - 1)) % count;
        return tau * (w - 0.5 * 0.15 * static_cast<double>(one + other));
    }

    [[nodiscard]] static Moments posterior() { return {count * tau * mean / precision, 1.0 / precision}; }

    /// Variance V of N times that gradient: (N tau)^2 that of the mean d of n numbers of N without replacement, which
    /// is s^2 / n (N - n) / (N - 1), s^2 being the variance of one, 0.15^2 (N^2 - 1) / 12.
    static double gradient_variance() {
        constexpr double square = 0.15 * 0.15 * (count * count - 1.0) / 12.0;
        return std::pow(count * tau, 2) * square / 2.0 * (count - 2.0) / (count - 1.0);
    }

    /// What steps make of chains that begin at 0, exactly. With m and h of the posterior and d less its mean,
    ///   w' - m = (1 - e h / 2) (w - m) + e / 2 N tau d + sqrt(e) z,
    /// in which d and z depend on nothing before them, so that
    ///   var w' = (1 - e h / 2)^2 var w + e^2 V / 4 + e.
    /// The gradient's noise counts e V / 4 times as much as that of Langevin dynamics; with a constant e the variance
    /// comes to (1 + e V / 4) / (h (1 - e h / 4)).
    static Moments after(std::uint64_t steps, const Sgld::Settings &settings) {
        Moments chain{0.0, 0.0};
        for (std::uint64_t k = 0; k < steps; ++k) {
            const double decay = std::pow(1.0 + static_cast<double>(k) / settings.decay_steps, -settings.decay_power);
            const double e = settings.step_size.value * decay;
            const double kept = 1.0 - e * precision / 2.0;
            chain.mean = posterior().mean + kept * (chain.mean - posterior().mean);
            chain.variance = kept * kept * chain.variance + e * e * gradient_variance() / 4.0 + e;
        }
        return chain;
    }

    static Sgld::Settings settings_of(double step_size) {
        Sgld::Settings settings;
        settings.step_size = step_size;
        settings.examples = count;
        settings.prior_precision = prior;
        return settings;
    }
};

Sgld::Settings settings_of(double step_size) {
    Sgld::Settings settings;
    settings.step_size = step_size;
    settings.examples = static_cast<std::uint64_t>(Chains::examples);
    settings.prior_precision = 0.0;
    return settings;
}

struct SgldFixture : test::OptimizerFixture<Sgld> {
    /// Chains after so many steps, each on subsets of the numbers that are its own.
    [[nodiscard]] Chains chains_on_numbers(const Sgld::Settings &settings, std::uint64_t steps) {
        Chains chains(true);
        chains.run(*make(settings, {chains.arena.parameters()}), steps, [](std::size_t i, double w, std::uint64_t k) {
            return Numbers::gradient(sdk::Random{7}.at(k), i, w);
        });
        return chains;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_sgld, SgldFixture)

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    Sgld::Settings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
step_size: schedule 0..1000 = 1e-05
decay_power: real 0..1 = 0
decay_steps: real 1..1e+12 = 1000
examples: integer 0..1e+12 = 0
prior_precision: real 0..1e+06 = 1
temperature: real 0..1000 = 1
preconditioner: choice of 2 = none
smoothing: real 0..0.999999 = 0.99
epsilon: real 1e-06..1 = 1e-05)");
}

BOOST_AUTO_TEST_CASE(examples_are_those_of_the_data_unless_they_are_given) {
    const auto moved = [&](std::uint64_t given, std::uint64_t of_the_data) { // by a step on gradient 1 from 0
        Sgld::Settings settings = settings_of(0.01);
        settings.temperature = 0.0;
        settings.examples = given;
        Chains chains(false);
        const sdk::Parameters parameters = chains.arena.parameters();
        Sgld optimizer(settings, {surroundings.context(), of_the_data});
        optimizer.attach({&parameters, 1});
        std::ranges::fill(chains.arena.gradients(0), 1.0F);
        optimizer.step({}, {});
        return chains.arena.values(0)[7];
    };
    BOOST_TEST(moved(0, 50) == moved(50, 0));
    BOOST_TEST(moved(0, 20) != moved(0, 50));
    BOOST_TEST(moved(50, 20) == moved(50, 50));
    BOOST_TEST(surroundings.problems.items.empty());
    (void)moved(0, 0);
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == 1U);
    BOOST_TEST(surroundings.problems.items[0].first == "/examples");
    BOOST_TEST(surroundings.problems.items[0].second ==
               "found 0, which stands for as many as the stage's data has, and how many these are is not known here; "
               "allowed: 1 to 1e+12");
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

// Each chain learns from two of the twenty numbers at a time. The variance is 2.06 and 1.20 times that of the
// posterior; without the gradient's noise it would be 1.43 and 1.08 times that.
BOOST_AUTO_TEST_CASE(gradients_of_few_examples_add_their_own_noise) {
    for (const double size : {0.2, 0.05}) {
        const Sgld::Settings settings = Numbers::settings_of(size);
        const auto steps = static_cast<std::uint64_t>(10.0 / size);
        const Chains chains = chains_on_numbers(settings, steps);
        const Moments expected = Numbers::after(steps, settings);
        chains.check(expected.mean, expected.variance);
        const double wider =
            (1.0 + size * Numbers::gradient_variance() / 4.0) / (1.0 - size * Numbers::precision / 4.0);
        BOOST_TEST(expected.variance == wider * Numbers::posterior().variance, boost::test_tools::tolerance(1e-6));
    }
}

// As the steps decay, from 0.2 to 0.0033, the same chains come to the posterior of all numbers: the last steps leave
// its mean, and a variance that is 1.5 % too large.
BOOST_AUTO_TEST_CASE(steps_that_decay_on_few_examples_come_to_the_posterior_of_all) {
    Sgld::Settings settings = Numbers::settings_of(0.2);
    settings.decay_power = 1.0;
    settings.decay_steps = 5.0;
    const Moments posterior = Numbers::posterior();
    const Moments expected = Numbers::after(300, settings);
    const double bias = expected.variance / posterior.variance - 1.0;
    BOOST_TEST(std::abs(expected.mean - posterior.mean) < 1e-5);
    BOOST_TEST(bias > 0.0);
    BOOST_TEST(bias < 0.02);
    const Chains chains = chains_on_numbers(settings, 300);
    chains.check(expected.mean, expected.variance);
    chains.check(posterior.mean, posterior.variance, bias);
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
