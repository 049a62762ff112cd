// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "noise.hpp"
#include "second_order.hpp"

#include <plugins/discriminators/conditional_mlp/conditional_mlp.hpp>
#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_discriminator_conditional_mlp)

using namespace retort;
using discriminator_conditional_mlp::ConditionalMlp;
using test::examples;

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    ConditionalMlp::Settings settings;
    settings.hidden = {};
    BOOST_TEST(test::Listing::of(settings) == test::dense_listing + R"(embedding: integer 1..65536 = 16)");
}

// It is the fully connected network on [z, c, e_y]: here by plain loops; tolerance 1e-5 for sums of 9 terms.
BOOST_AUTO_TEST_CASE(scores_are_those_of_the_sample_with_its_condition_and_embedding) {
    ConditionalMlp::Settings settings;
    settings.hidden = {7};
    settings.embedding = 2;
    test::DiscriminatorFixture<ConditionalMlp> fixture(settings);
    const std::span<const sdk::Parameter> table = fixture.discriminator.parameters().table;
    BOOST_TEST(table[4].name == "embedding");
    BOOST_TEST(table[4].shape[0] == test::classes + 1);
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, fixture.condition(), {}, {});
    for (std::size_t row = 0; row < 2 * examples; ++row) {
        std::vector<float> joined = fixture.joined(row);
        const std::int32_t label = test::labels[row % examples];
        const std::size_t entry = label == sdk::unlabelled ? test::classes : static_cast<std::size_t>(label);
        for (std::size_t i = 0; i < 2; ++i)
            joined.push_back(fixture.tensor(4)[2 * entry + i]);
        BOOST_TEST(std::abs(pass->scores()[row] - fixture.score_of(joined, 7)) < 1e-5F);
    }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    ConditionalMlp::Settings settings = test::noisy_settings<ConditionalMlp>();
    settings.embedding = 3;
    test::check_gradients_of_all<ConditionalMlp>(settings);
}

BOOST_AUTO_TEST_CASE(second_order_gradients_are_those_of_finite_differences) {
    ConditionalMlp::Settings settings = test::noisy_settings<ConditionalMlp>();
    settings.embedding = 3;
    test::check_second_order_of_all<ConditionalMlp>(settings);
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<ConditionalMlp>();
}

BOOST_AUTO_TEST_CASE(every_label_and_none_has_a_score_of_its_own) {
    test::DiscriminatorFixture<ConditionalMlp> fixture({});
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    std::vector<float> scores;
    for (const std::int32_t label : {0, 1, 2, sdk::unlabelled}) {
        const std::vector<std::int32_t> all(examples, label);
        pass->forward(2 * examples, {{{}, all}, fixture.features.view()}, {}, {});
        scores.push_back(pass->scores()[0]);
    }
    for (std::size_t i = 0; i < scores.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            BOOST_TEST(scores[i] != scores[j]);
}

BOOST_AUTO_TEST_CASE(it_needs_labels_and_the_condition_only_where_there_is_one) {
    for (const std::size_t width : {std::size_t{0}, test::condition_width}) {
        test::Surroundings surroundings;
        ConditionalMlp made({}, {surroundings.context(), {sdk::Space::Kind::real, 3}, width, 0, 10});
        BOOST_TEST(made.needs().labels);
        BOOST_TEST(made.needs().features == (width > 0));
        const auto pass = made.make_pass({sdk::Mode::evaluate, 2, 0, false, false, {}});
        BOOST_CHECK_THROW(pass->forward(2, {}, {}, {}), sdk::Error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
