// SPDX-License-Identifier: Apache-2.0
#include "game.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <memory>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_forward)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::Forward;

BOOST_AUTO_TEST_CASE(a_run_gives_both_models_outputs_and_the_pairs_distributions) {
    Game game;
    Forward &forward = game.run();
    BOOST_TEST(forward.rows() == 23U);
    BOOST_TEST(forward.batch().labels.data() == game.everything.labels.data());
    sdk::MatrixBuffer hidden(23, 2);
    sdk::MatrixBuffer logits(23, 3);
    const sdk::Parameters student = game.stage.student.parameters();
    multiply(game.everything.inputs.view(), student.values, hidden.view());
    multiply(hidden.view(), student.values.subspan(student.table[1].offset), logits.view());
    for (std::size_t r = 0; r < 23; ++r)
        for (std::size_t c = 0; c < 3; ++c) {
            BOOST_TEST(forward.logits().row(r)[c] == logits.view().row(r)[c]);
            BOOST_TEST(forward.pair(0).student().distribution().parameters[0].row(r)[c] == logits.view().row(r)[c]);
            BOOST_TEST(forward.pair(0).teacher().distribution().parameters[0].row(r)[c] ==
                       forward.teacher_output(0).row(r)[c]);
        }
}

BOOST_AUTO_TEST_CASE(the_student_trains_only_where_gradients_are_wanted) {
    for (const bool gradients : {false, true}) {
        Game game;
        const Forward forward(game.teacher, game.stage.student, game.pairs, 23, 0, gradients);
        BOOST_TEST_REQUIRE(game.stage.student.modes.size() == 1U);
        BOOST_TEST((game.stage.student.modes[0] == (gradients ? sdk::Mode::train : sdk::Mode::sample)));
    }
}

BOOST_AUTO_TEST_CASE(a_condition_has_features_only_where_the_pair_is_conditioned) {
    Game game;
    Forward &forward = game.run();
    BOOST_TEST(forward.condition(0).features.empty());
    BOOST_TEST(forward.condition(0).batch.labels.data() == game.everything.labels.data());
    game.pairs[0].conditioned = true; // on what it has as teacher's output 0
    BOOST_TEST(forward.condition(0).features.data == forward.teacher_output(0).data);
    BOOST_TEST(forward.condition(0).examples(46) == 23U);
}

BOOST_AUTO_TEST_CASE(a_backward_replaces_the_students_gradients) {
    Game game;
    const sdk::MatrixBuffer ones(23, 3);
    std::fill_n(ones.view().data, 69, 1.0F);
    const sdk::TapGradient gradient{1, ones.view()};
    std::vector<float> found[2];
    for (std::vector<float> &copy : found) {
        game.run().backward({&gradient, 1});
        copy = copy_of(game.stage.student.parameters().gradients);
    }
    BOOST_TEST(found[0] == found[1], boost::test_tools::per_element());
    BOOST_TEST(found[0][0] != 0.0F);
}

BOOST_AUTO_TEST_CASE(a_discriminator_is_given_the_condition_of_its_examples) {
    for (const std::uint64_t cache : {0U, 256U}) {
        Stage stage;
        stage.add_condition();
        stage.settings.batch = 23;
        stage.settings.teacher_cache = cache;
        stage.run(1);
        const sdk::ConstMatrix features = stage.discriminator->features.at(0);
        BOOST_TEST_REQUIRE(features.rows == 23U);
        BOOST_TEST_REQUIRE(features.columns == 5U);
        // The fake head centres the tap on its mean over the training data, and the batch is all of it.
        for (std::size_t c = 0; c < 5; ++c) {
            double sum = 0.0;
            for (std::size_t r = 0; r < 23; ++r)
                sum += static_cast<double>(features.row(r)[c]);
            BOOST_TEST(std::abs(sum) < 1e-4);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_discriminator_that_needs_no_condition_costs_none) {
    Stage stage;
    stage.add_condition();
    stage.settings.adversaries[0].discriminator = fake_discriminator(false, &stage.discriminator);
    stage.run(1);
    BOOST_TEST(stage.condition_head->rows_seen == 0U);
    BOOST_TEST(stage.discriminator->features.at(0).empty());
}

BOOST_AUTO_TEST_SUITE_END()
