// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <plugins/optimizers/adamw/adamw.hpp>
#include <support/listing.hpp>

namespace test_adamw {

using namespace retort;
using optimizer_adamw::AdamW;

/// Algorithm 2 of the paper (AdamW), in double, in its own order, with rate = eta_t * alpha also before the decay.
struct Reference {
    AdamW::Settings settings;
    std::vector<double> w, m, v;
    int t = 0;

    Reference(const AdamW::Settings &use, std::span<const float> values)
        : settings(use), w(values.begin(), values.end()), m(w.size()), v(w.size()) {}

    void step(std::span<const float> gradient, double rate) {
        ++t;
        for (std::size_t i = 0; i < w.size(); ++i) {
            const double g = gradient[i];
            m[i] = settings.beta1 * m[i] + (1.0 - settings.beta1) * g;
            v[i] = settings.beta2 * v[i] + (1.0 - settings.beta2) * g * g;
            const double m_hat = m[i] / (1.0 - std::pow(settings.beta1, t));
            const double v_hat = v[i] / (1.0 - std::pow(settings.beta2, t));
            const double decay = i < test::Weights::decaying ? settings.weight_decay : 0.0;
            w[i] -= rate * (m_hat / (std::sqrt(v_hat) + settings.epsilon) + decay * w[i]);
        }
    }
};

AdamW::Settings settings(sdk::Schedule learning_rate, double weight_decay) {
    AdamW::Settings made;
    made.learning_rate = learning_rate;
    made.weight_decay = weight_decay;
    return made;
}

using Fixture = test::OptimizerFixture<AdamW>;

} // namespace test_adamw

BOOST_FIXTURE_TEST_SUITE(test_adamw, Fixture)

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    AdamW::Settings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
learning_rate: schedule 0..10 = 0.001
beta1: real 0..0.999999 = 0.9
beta2: real 0..1 = 0.999
epsilon: real 1e-16..1 = 1e-08
weight_decay: real 0..10 = 0.01)");
}

// A decay of 0.5 moves weights by more than half in a hundred steps: what was left out could not hide.
BOOST_AUTO_TEST_CASE(a_hundred_steps_follow_the_reference) {
    check_against<Reference>({}, 2e-5);
    check_against<Reference>(settings(0.02, 0.5), 2e-5);
    check_against<Reference>(settings(sdk::Schedule(sdk::Schedule::Shape::linear, 0.05, 0.001), 0.5), 2e-5);
}

BOOST_AUTO_TEST_CASE(decay_is_apart_from_the_moments_and_leaves_biases_alone) {
    check_decay(settings(0.1, 0.5), 0.95F);
    check_decay(settings(0.1, 0.0), 1.0F);
}

BOOST_AUTO_TEST_CASE(every_attached_arena_moves) {
    check_that_every_attached_arena_moves({});
}

BOOST_AUTO_TEST_SUITE_END()
