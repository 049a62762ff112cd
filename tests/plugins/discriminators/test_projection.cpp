// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "noise.hpp"
#include "second_order.hpp"

#include <plugins/discriminators/projection/projection.hpp>
#include <string>
#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_discriminator_projection)

using namespace retort;
using discriminator_projection::Projection;
using test::examples;

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    Projection::Settings settings;
    settings.hidden = {};
    BOOST_TEST(test::Listing::of(settings) == test::dense_listing + R"(features: integer 1..65536 = 64
labels: flag = 1)");
}

// psi(phi) + <V_c c, phi> + <V_y e_y, phi> with a linear phi of two numbers, by plain loops.
BOOST_AUTO_TEST_CASE(scores_are_those_of_the_formula) {
    Projection::Settings settings;
    settings.hidden = {};
    settings.features = 2;
    test::DiscriminatorFixture<Projection> fixture(settings);
    const auto tensor = [&](std::size_t index) { return fixture.tensor(index); };
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), {}, {});
    constexpr std::size_t columns = test::condition_width + test::classes;
    for (std::size_t row = 0; row < 2 * examples; ++row) {
        float score = tensor(4)[0];
        for (std::size_t f = 0; f < 2; ++f) {
            float phi = tensor(1)[f];
            for (std::size_t i = 0; i < test::sample_width; ++i)
                phi += tensor(0)[f * test::sample_width + i] * fixture.samples.view().row(row)[i];
            float key = tensor(3)[f];
            for (std::size_t i = 0; i < test::condition_width; ++i)
                key += tensor(2)[f * columns + i] * fixture.features.view().row(row % examples)[i];
            if (const std::int32_t label = test::labels[row % examples]; label != sdk::unlabelled)
                key += tensor(2)[f * columns + test::condition_width + static_cast<std::size_t>(label)];
            score += key * phi;
        }
        BOOST_TEST(std::abs(pass->scores()[row] - score) < 1e-5F);
    }
    BOOST_TEST(fixture.discriminator.parameters().table[2].name == "projection.weight");
    BOOST_TEST(fixture.discriminator.parameters().table[3].name == "psi.weight");
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const bool labels : {false, true})
        BOOST_TEST_CONTEXT("labels: " << labels) {
            Projection::Settings settings = test::noisy_settings<Projection>();
            settings.features = 4;
            settings.labels = labels;
            test::check_gradients_of_all<Projection>(settings);
        }
}

BOOST_AUTO_TEST_CASE(second_order_gradients_are_those_of_finite_differences) {
    Projection::Settings settings = test::noisy_settings<Projection>();
    settings.features = 4;
    test::check_second_order_of_all<Projection>(settings);
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<Projection>();
}

BOOST_AUTO_TEST_CASE(gradients_replace_add_or_stay) {
    Projection::Settings settings;
    settings.hidden = {5};
    test::DiscriminatorFixture<Projection> fixture(settings);
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), {}, {});
    const std::span<float> gradients = fixture.discriminator.parameters().gradients;
    pass->backward(fixture.coefficients, {}, sdk::Write::replace);
    const std::vector<float> once = test::copy(gradients);
    pass->backward(fixture.coefficients, {}, sdk::Write::none);
    BOOST_TEST(test::copy(gradients) == once, boost::test_tools::per_element());
    pass->backward(fixture.coefficients, {}, sdk::Write::add);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(std::abs(gradients[i] - 2.0F * once[i]) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(there_must_be_something_to_project_on) {
    for (const bool labels : {false, true})
        for (const std::size_t width : {std::size_t{0}, test::condition_width}) {
            test::Surroundings surroundings;
            const sdk::DiscriminatorContext context{
                surroundings.context(), {sdk::Space::Kind::real, 3}, width, 0, test::classes};
            Projection::Settings settings;
            settings.labels = labels;
            if (labels || width > 0) {
                const Projection made(settings, context);
                BOOST_TEST(made.needs().labels == labels);
                BOOST_TEST(made.needs().features == (width > 0));
                continue;
            }
            BOOST_CHECK_EXCEPTION(Projection(settings, context), sdk::Error, [](const sdk::Error &error) {
                return error.kind() == sdk::ErrorKind::settings && error.pointer() == "/labels" &&
                       std::string(error.what()).find("\"mlp\"") != std::string::npos;
            });
        }
}

BOOST_AUTO_TEST_SUITE_END()
