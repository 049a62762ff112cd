// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/model.hpp>

#include <boost/test/unit_test.hpp>

#include <support/context.hpp>
#include <support/fake_run.hpp>
#include <support/state.hpp>

BOOST_AUTO_TEST_SUITE(test_model)

using namespace retort;
using namespace retort::sdk;

BOOST_AUTO_TEST_CASE(a_model_is_its_parameters_and_taps) {
    test::FakeModel fake;
    Model &model = fake;
    BOOST_TEST(Model::role == "model");
    BOOST_TEST(model.taps().back().name == "logits");
    model.initialise(Random{1});
    test::State kept = test::State::of(model);
    BOOST_TEST(kept.floats.at("parameters").size() == 16U); // the whole arena, and nothing else
    BOOST_TEST(kept.floats.size() + kept.doubles.size() + kept.integers.size() == 1U);
    model.initialise(Random{2});
    fake.changes.clear();
    kept.restore(model);
    BOOST_TEST((test::State::of(model) == kept));
    BOOST_TEST((fake.changes == std::vector<Change>{Change::restore})); // copies are refreshed, nothing advances
}

BOOST_AUTO_TEST_CASE(a_pass_has_no_input_gradient_by_default) {
    test::FakeModel model;
    BOOST_TEST(model.make_pass({.rows = 2})->input_gradient().empty());
}

BOOST_AUTO_TEST_CASE(a_context_knows_of_no_images_by_default) {
    test::Surroundings surroundings;
    const ModelContext context{surroundings.context()};
    BOOST_TEST(context.input_width == 0U);
    BOOST_TEST(context.image_shape.channels == 0U);
    BOOST_TEST(context.classes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
