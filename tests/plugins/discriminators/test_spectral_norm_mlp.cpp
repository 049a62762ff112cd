// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "noise.hpp"
#include "second_order.hpp"
#include "singular_value.hpp"

#include <plugins/discriminators/spectral_norm_mlp/spectral_norm_mlp.hpp>
#include <support/listing.hpp>
#include <support/state.hpp>

BOOST_AUTO_TEST_SUITE(test_discriminator_spectral_norm_mlp)

using namespace retort;
using discriminator_spectral_norm_mlp::SpectralNormMlp;
using test::copy;
using test::examples;
using Fixture = test::DiscriminatorFixture<SpectralNormMlp>;

namespace {

SpectralNormMlp::Settings hidden(std::vector<std::size_t> widths) {
    SpectralNormMlp::Settings settings;
    settings.hidden = std::move(widths);
    return settings;
}

/// Tensor `index` of the parameters as a matrix.
sdk::ConstMatrix tensor(SpectralNormMlp &discriminator, std::size_t index) {
    const sdk::Parameters all = discriminator.parameters();
    const sdk::Parameter &entry = all.table[index];
    return {all.values.data() + entry.offset, entry.shape[0], entry.shape[1], entry.shape[1]};
}

/// u^T W v of a layer, by plain loops from the state.
double estimate(SpectralNormMlp &discriminator, std::size_t layer) {
    const test::State state = test::State::of(discriminator);
    const auto &u = state.floats.at("layers." + std::to_string(layer) + ".u");
    const auto &v = state.floats.at("layers." + std::to_string(layer) + ".v");
    const sdk::ConstMatrix weight = tensor(discriminator, 2 * layer);
    double sum = 0.0;
    for (std::size_t row = 0; row < weight.rows; ++row)
        for (std::size_t i = 0; i < weight.columns; ++i)
            sum += static_cast<double>(u[row]) * static_cast<double>(weight.row(row)[i]) * static_cast<double>(v[i]);
    return sum;
}

std::vector<float> scores(Fixture &fixture) {
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), {}, {});
    return copy(pass->scores());
}

/// `count` steps of gradient descent that draw the first samples' scores up and the others' down.
void descend(Fixture &fixture, int count) {
    const auto pass = fixture.make_pass(sdk::Mode::train);
    for (int step = 0; step < count; ++step) {
        pass->forward(2 * examples, fixture.condition(), sdk::Random{7}, {});
        pass->backward(fixture.coefficients, {}, sdk::Write::replace);
        const sdk::Parameters all = fixture.discriminator.parameters();
        for (std::size_t i = 0; i < all.values.size(); ++i)
            all.values[i] -= 0.05F * all.gradients[i];
        fixture.discriminator.parameters_changed(sdk::Change::step);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    SpectralNormMlp::Settings settings = hidden({});
    BOOST_TEST(test::Listing::of(settings) == test::dense_listing + R"(labels: flag = 0
power_iterations: integer 1..100 = 1)");
}

// The network on [z, c] with weights divided by u^T W v, by plain loops; tolerance 1e-5 for sums of 7 terms.
BOOST_AUTO_TEST_CASE(scores_are_those_of_the_divided_weights) {
    Fixture fixture(hidden({7}));
    const std::vector<float> found = scores(fixture);
    const auto bias = [&](std::size_t index) { return tensor(fixture.discriminator, index).data; };
    const sdk::ConstMatrix first = tensor(fixture.discriminator, 0);
    const sdk::ConstMatrix second = tensor(fixture.discriminator, 2);
    BOOST_TEST(first.columns == test::sample_width + test::condition_width);
    for (std::size_t row = 0; row < 2 * examples; ++row) {
        std::vector<float> joined = copy(fixture.samples.view().row(row));
        for (const float feature : fixture.features.view().row(row % examples))
            joined.push_back(feature);
        double score = bias(3)[0];
        for (std::size_t unit = 0; unit < 7; ++unit) {
            double sum = 0.0;
            for (std::size_t i = 0; i < joined.size(); ++i)
                sum += static_cast<double>(first.row(unit)[i]) * static_cast<double>(joined[i]);
            sum = sum / estimate(fixture.discriminator, 0) + static_cast<double>(bias(1)[unit]);
            score += static_cast<double>(second.row(0)[unit]) / estimate(fixture.discriminator, 1) *
                     (sum > 0.0 ? sum : 0.2 * sum);
        }
        BOOST_TEST(std::abs(static_cast<double>(found[row]) - score) < 1e-5);
    }
}

// With u and v held fixed: between differences only copies are refreshed.
BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const bool labels : {false, true})
        BOOST_TEST_CONTEXT("labels: " << labels) {
            SpectralNormMlp::Settings settings = test::noisy_settings<SpectralNormMlp>();
            settings.labels = labels;
            test::check_gradients_of_all<SpectralNormMlp>(settings);
        }
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<SpectralNormMlp>();
}

// In training the estimate follows the weights, here within 2 %; once they stand still, it is exact. The bias apart, a
// score then moves by no more than its sample.
BOOST_AUTO_TEST_CASE(the_spectral_norm_converges_to_one) {
    Fixture fixture(hidden({32, 16}));
    const auto error = [&](std::size_t layer) {
        const double exact = test::largest_singular_value(tensor(fixture.discriminator, 2 * layer));
        return std::abs(exact / estimate(fixture.discriminator, layer) - 1.0);
    };
    descend(fixture, 50);
    for (const std::size_t layer : {0U, 1U, 2U})
        BOOST_TEST(error(layer) < 0.02);
    for (int step = 0; step < 500; ++step)
        fixture.discriminator.parameters_changed(sdk::Change::step);
    for (const std::size_t layer : {0U, 1U, 2U})
        BOOST_TEST(error(layer) < 1e-5);

    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), {}, {});
    pass->backward(std::vector<float>(2 * examples, 1.0F), {}, sdk::Write::none);
    for (std::size_t row = 0; row < 2 * examples; ++row) {
        double square = 0.0;
        for (const float value : pass->input_gradient().row(row))
            square += static_cast<double>(value) * static_cast<double>(value);
        BOOST_TEST(square > 0.0);
        BOOST_TEST(square < 1.00001);
    }
}

BOOST_AUTO_TEST_CASE(the_power_iteration_advances_on_steps_alone) {
    Fixture fixture(hidden({32}));
    const test::State before = test::State::of(fixture.discriminator);
    const std::vector<float> first = scores(fixture);
    fixture.discriminator.parameters_changed(sdk::Change::restore);
    BOOST_TEST((test::State::of(fixture.discriminator) == before));
    BOOST_TEST(scores(fixture) == first, boost::test_tools::per_element());
    fixture.discriminator.parameters_changed(sdk::Change::step);
    const test::State after = test::State::of(fixture.discriminator);
    BOOST_TEST((after.floats.at("layers.0.u") != before.floats.at("layers.0.u")));
    BOOST_TEST((after.floats.at("layers.0.v") != before.floats.at("layers.0.v")));

    SpectralNormMlp::Settings three = hidden({32});
    three.power_iterations = 3;
    Fixture other(three);
    other.discriminator.parameters_changed(sdk::Change::step);
    for (int step = 0; step < 2; ++step)
        fixture.discriminator.parameters_changed(sdk::Change::step);
    BOOST_TEST((test::State::of(other.discriminator) == test::State::of(fixture.discriminator)));
}

BOOST_AUTO_TEST_CASE(a_condition_is_seen_if_there_is_one) {
    for (const std::size_t width : {std::size_t{0}, test::condition_width}) {
        test::Surroundings surroundings;
        SpectralNormMlp made({}, {surroundings.context(), {sdk::Space::Kind::real, 3}, width, 0, 10});
        BOOST_TEST(made.needs().features == (width > 0));
        made.initialise(sdk::Random{1});
        made.parameters_changed(sdk::Change::restore);
        const auto pass = made.make_pass({sdk::Mode::evaluate, 2, 0, false, false, {}});
        if (width == 0)
            BOOST_CHECK_NO_THROW(pass->forward(2, {}, {}, {}));
        else
            BOOST_CHECK_THROW(pass->forward(2, {}, {}, {}), sdk::Error);
    }
}

// With noise and dropout, whose streams are held; u and v are held, too.
BOOST_AUTO_TEST_CASE(second_order_gradients_are_those_of_finite_differences) {
    SpectralNormMlp::Settings settings = test::noisy_settings<SpectralNormMlp>();
    settings.labels = true;
    test::check_second_order_of_all<SpectralNormMlp>(settings);
}

BOOST_AUTO_TEST_SUITE_END()
