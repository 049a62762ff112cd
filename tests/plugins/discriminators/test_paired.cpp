// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <plugins/discriminators/paired/paired.hpp>
#include <string>
#include <support/allocations.hpp>

using namespace retort;
using discriminator_paired::Paired;
using test::examples;

BOOST_AUTO_TEST_SUITE(test_discriminator_paired)

// It is the fully connected network on [z, c], row r with the features of example r mod 3: here by plain loops.
BOOST_AUTO_TEST_CASE(scores_are_those_of_the_concatenation) {
    plugin_support::DenseDiscriminatorSettings settings;
    settings.hidden = {7};
    test::DiscriminatorFixture<Paired> fixture(settings);
    const auto all = fixture.discriminator.parameters();
    const auto tensor = [&](std::size_t index) { return all.values.subspan(all.table[index].offset); };
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), sdk::Random{}, {});
    BOOST_TEST(all.table[0].shape[1] == test::sample_width + test::condition_width);
    for (std::size_t row = 0; row < 2 * examples; ++row) {
        std::vector<float> joined = test::copy(fixture.samples.view().row(row));
        const auto features = fixture.features.view().row(row % examples);
        joined.insert(joined.end(), features.begin(), features.end());
        float score = tensor(3)[0];
        for (std::size_t unit = 0; unit < 7; ++unit) {
            float sum = tensor(1)[unit];
            for (std::size_t i = 0; i < joined.size(); ++i)
                sum += tensor(0)[unit * joined.size() + i] * joined[i];
            score += tensor(2)[unit] * (sum > 0.0F ? sum : 0.2F * sum);
        }
        BOOST_TEST(std::abs(pass->scores()[row] - score) < 1e-5F);
    }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const std::size_t rows : {2 * examples, examples})
        for (const std::vector<std::size_t> &hidden : {std::vector<std::size_t>{}, {7}, {7, 5}}) {
            BOOST_TEST_CONTEXT(rows << " rows, " << hidden.size() << " hidden layers") {
                plugin_support::DenseDiscriminatorSettings settings = test::noisy_settings();
                settings.hidden = hidden;
                test::check_gradients<Paired>(settings, rows);
            }
        }
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<Paired>();
}

BOOST_AUTO_TEST_CASE(asks_for_a_condition) {
    test::Surroundings surroundings;
    try {
        Paired({}, {surroundings.context(), {sdk::Space::Kind::real, 3}, 0, 0, 0});
        BOOST_FAIL("accepted");
    } catch (const sdk::Error &error) {
        BOOST_TEST((error.kind() == sdk::ErrorKind::settings));
        BOOST_TEST(std::string(error.what()).find("\"condition\"") != std::string::npos);
    }
    test::DiscriminatorFixture<Paired> fixture({});
    BOOST_TEST(fixture.discriminator.needs().features);
    const auto pass = fixture.make_pass(sdk::Mode::train);
    BOOST_CHECK_THROW(pass->forward(2 * examples, {}, sdk::Random{}, {}), sdk::Error);
}

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    test::DiscriminatorFixture<Paired> fixture(test::noisy_settings());
    const auto pass = fixture.make_pass(sdk::Mode::train);
    const auto step = [&] {
        pass->forward(2 * examples, fixture.condition(), sdk::Random{}, {});
        pass->backward(fixture.coefficients, {}, sdk::Write::replace);
    };
    step();
    BOOST_TEST(test::allocations() > 0U);
    const std::size_t before = test::allocations();
    step();
    BOOST_TEST(test::allocations() == before);
}

BOOST_AUTO_TEST_SUITE_END()
