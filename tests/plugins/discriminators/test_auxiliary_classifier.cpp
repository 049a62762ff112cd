// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "noise.hpp"
#include "second_order.hpp"

#include <plugins/discriminators/auxiliary_classifier/auxiliary_classifier.hpp>

BOOST_AUTO_TEST_SUITE(test_discriminator_auxiliary_classifier)

using namespace retort;
using discriminator_auxiliary_classifier::AuxiliaryClassifier;
using test::examples;

AuxiliaryClassifier::Settings hidden(std::vector<std::size_t> widths) {
    AuxiliaryClassifier::Settings settings = test::noisy_settings<AuxiliaryClassifier>();
    settings.hidden = std::move(widths);
    return settings;
}

// A linear one: row 0 of the layer gives the score, the others the classes.
BOOST_AUTO_TEST_CASE(score_and_class_logits_are_rows_of_the_last_layer) {
    AuxiliaryClassifier::Settings settings;
    settings.hidden = {};
    test::DiscriminatorFixture<AuxiliaryClassifier> fixture(settings);
    BOOST_TEST(fixture.discriminator.classifies());
    BOOST_TEST(!fixture.discriminator.needs().labels);
    const sdk::Parameters all = fixture.discriminator.parameters();
    BOOST_TEST_REQUIRE(all.table[0].shape[0] == 1 + test::classes);
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    pass->forward(2 * examples, {}, {}, {});
    BOOST_TEST_REQUIRE(pass->class_logits().rows == 2 * examples);
    BOOST_TEST_REQUIRE(pass->class_logits().columns == test::classes);
    for (std::size_t row = 0; row < 2 * examples; ++row)
        for (std::size_t unit = 0; unit <= test::classes; ++unit) {
            float sum = all.values[all.table[1].offset + unit];
            for (std::size_t i = 0; i < test::sample_width; ++i)
                sum += all.values[unit * test::sample_width + i] * fixture.samples.view().row(row)[i];
            const float found = unit == 0 ? pass->scores()[row] : pass->class_logits().row(row)[unit - 1];
            BOOST_TEST(std::abs(found - sum) < 1e-5F);
        }
}

BOOST_AUTO_TEST_CASE(gradients_of_scores_are_those_of_finite_differences) {
    test::check_gradients_of_all<AuxiliaryClassifier>(hidden({}));
}

// Step and tolerance 2e-3, as for scores; the gradients of the logits lie in rows that are wider than they are.
BOOST_AUTO_TEST_CASE(gradients_of_scores_and_logits_are_those_of_finite_differences) {
    for (const std::size_t rows : {2 * examples, examples}) {
        test::DiscriminatorFixture<AuxiliaryClassifier> fixture(hidden({7, 5}));
        const auto pass = fixture.make_pass(sdk::Mode::train);
        const sdk::MatrixBuffer wide = test::normal_matrix(rows, test::classes + 2, sdk::Random{12});
        const sdk::ConstMatrix logits{wide.view().data, rows, test::classes, test::classes + 2};
        const std::span<const float> scores = std::span<const float>(fixture.coefficients).first(rows);
        const auto loss = [&] {
            pass->forward(rows, {}, sdk::Random{9}, {1, 4});
            double sum = 0.0;
            for (std::size_t row = 0; row < rows; ++row) {
                sum += static_cast<double>(scores[row]) * static_cast<double>(pass->scores()[row]);
                for (std::size_t c = 0; c < test::classes; ++c)
                    sum +=
                        static_cast<double>(logits.row(row)[c]) * static_cast<double>(pass->class_logits().row(row)[c]);
            }
            return sum;
        };
        loss();
        pass->backward(scores, logits, sdk::Write::replace);
        const sdk::Parameters all = fixture.discriminator.parameters();
        const std::vector<float> gradient = test::copy(all.gradients);
        const std::vector<float> input_gradient = test::copy(pass->input_gradient());
        test::check_gradient(loss, all.values, gradient, 2e-3F, 2e-3);
        test::check_gradient(loss, {pass->input().data, rows * test::sample_width}, input_gradient, 2e-3F, 2e-3);
    }
}

// Of the score alone.
BOOST_AUTO_TEST_CASE(second_order_gradients_are_those_of_finite_differences) {
    test::check_second_order_of_all<AuxiliaryClassifier>(hidden({}));
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<AuxiliaryClassifier>();
}

BOOST_AUTO_TEST_SUITE_END()
