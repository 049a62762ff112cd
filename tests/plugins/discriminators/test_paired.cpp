// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "noise.hpp"
#include "second_order.hpp"

#include <plugins/discriminators/paired/paired.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(test_discriminator_paired)

using namespace retort;
using discriminator_paired::Paired;
using test::examples;

// It is the fully connected network on [z, c], row r with the features of example r mod 3: here by plain loops.
BOOST_AUTO_TEST_CASE(scores_are_those_of_the_concatenation) {
    Paired::Settings settings;
    settings.hidden = {7};
    test::DiscriminatorFixture<Paired> fixture(settings);
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), sdk::Random{}, {});
    BOOST_TEST(fixture.discriminator.parameters().table[0].shape[1] == test::sample_width + test::condition_width);
    for (std::size_t row = 0; row < 2 * examples; ++row)
        BOOST_TEST(std::abs(pass->scores()[row] - fixture.score_of(fixture.joined(row), 7)) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const bool labels : {false, true})
        BOOST_TEST_CONTEXT("labels: " << labels) {
            Paired::Settings settings = test::noisy_settings<Paired>();
            settings.labels = labels;
            test::check_gradients_of_all<Paired>(settings);
        }
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<Paired>();
}

/// Mean logistic loss after 300 steps of gradient descent on samples +1 (label 0) and -1 (label 1) of the teacher, and
/// the reverse of the student: only the label tells them apart.
double loss_of_game(bool labels) {
    Paired::Settings settings;
    settings.hidden = {8};
    settings.labels = labels;
    test::Surroundings surroundings;
    Paired discriminator(settings, {surroundings.context(), {sdk::Space::Kind::real, 1}, 1, 0, 2});
    discriminator.initialise(sdk::Random{1});
    const auto pass = discriminator.make_pass({sdk::Mode::train, 4, 0, true, false, {}});
    std::copy_n(std::vector<float>{1, -1, -1, 1}.begin(), 4, pass->input().data);
    const sdk::MatrixBuffer feature(2, 1); // the same of both examples
    const std::int32_t label_values[] = {0, 1};
    double loss = 0.0;
    for (int step = 0; step < 300; ++step) {
        pass->forward(4, {{{}, label_values}, feature.view()}, {}, {});
        std::vector<float> gradient;
        loss = 0.0;
        for (std::size_t row = 0; row < 4; ++row) {
            const float sign = row < 2 ? 1.0F : -1.0F;
            const float wrong = 1.0F / (1.0F + std::exp(sign * pass->scores()[row])); // 1 - D for the teacher's
            gradient.push_back(-0.25F * sign * wrong);
            loss -= 0.25 * std::log1p(-static_cast<double>(wrong));
        }
        pass->backward(gradient, {}, sdk::Write::replace);
        const sdk::Parameters all = discriminator.parameters();
        for (std::size_t i = 0; i < all.values.size(); ++i)
            all.values[i] -= 0.5F * all.gradients[i];
        discriminator.parameters_changed(sdk::Change::step);
    }
    return loss;
}

// Without the label both sides have the same distribution: no discriminator is better than log 2.
BOOST_AUTO_TEST_CASE(only_with_labels_does_it_tell_equal_samples_of_different_labels_apart) {
    BOOST_TEST(loss_of_game(true) < 0.1);
    BOOST_TEST(loss_of_game(false) >= std::log(2.0) - 1e-6);

    for (const bool labels : {false, true}) {
        Paired::Settings settings;
        settings.labels = labels;
        test::DiscriminatorFixture<Paired> fixture(settings);
        BOOST_TEST(fixture.discriminator.needs().labels == labels);
        const auto pass = fixture.make_pass(sdk::Mode::evaluate);
        std::vector<std::vector<float>> scores;
        for (const std::int32_t label : {0, 1, 1, sdk::unlabelled}) {
            const std::vector<std::int32_t> all(examples, label);
            pass->forward(2 * examples, {{{}, all}, fixture.features.view()}, {}, {});
            scores.push_back(test::copy(pass->scores()));
        }
        BOOST_TEST((scores[0] != scores[1]) == labels);
        BOOST_TEST((scores[0] != scores[3]) == labels);
        BOOST_TEST(scores[1] == scores[2], boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(labels_alone_are_condition_enough) {
    Paired::Settings settings;
    settings.labels = true;
    test::Surroundings surroundings;
    const Paired paired(settings, {surroundings.context(), {sdk::Space::Kind::real, 3}, 0, 0, 10});
    BOOST_TEST(paired.needs().labels);
    BOOST_TEST(!paired.needs().features);
}

BOOST_AUTO_TEST_CASE(asks_for_a_condition) {
    test::Surroundings surroundings;
    try {
        Paired({}, {surroundings.context(), {sdk::Space::Kind::real, 3}, 0, 0, 0});
        BOOST_FAIL("accepted");
    } catch (const sdk::Error &error) {
        BOOST_TEST((error.kind() == sdk::ErrorKind::settings));
        BOOST_TEST(std::string(error.what()).find("\"condition\"") != std::string::npos);
        BOOST_TEST(std::string(error.what()).find("\"labels\"") != std::string::npos);
    }
    test::DiscriminatorFixture<Paired> fixture({});
    BOOST_TEST(fixture.discriminator.needs().features);
    const auto pass = fixture.make_pass(sdk::Mode::train);
    BOOST_CHECK_THROW(pass->forward(2 * examples, {}, sdk::Random{}, {}), sdk::Error);
}

// With noise and dropout, whose streams are held.
BOOST_AUTO_TEST_CASE(second_order_gradients_are_those_of_finite_differences) {
    Paired::Settings settings = test::noisy_settings<Paired>();
    settings.labels = true;
    test::check_second_order_of_all<Paired>(settings);
}

BOOST_AUTO_TEST_SUITE_END()
