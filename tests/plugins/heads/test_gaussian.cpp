// SPDX-License-Identifier: Apache-2.0
#include "gaussian_fixture.hpp"

#include <cmath>
#include <string>
#include <support/state.hpp>

namespace test_gaussian {

using namespace retort;
using test::GaussianFixture;

} // namespace test_gaussian

BOOST_FIXTURE_TEST_SUITE(test_gaussian, GaussianFixture, *boost::unit_test::tolerance(1e-5F))

BOOST_AUTO_TEST_CASE(teacher_side_is_fitted_and_has_nothing_to_train) {
    const auto head = teacher();
    BOOST_TEST((head->space() == sdk::Space{sdk::Space::Kind::real, width}));
    BOOST_TEST(head->family() == "diagonal_gaussian");
    BOOST_TEST(head->is_teacher());
    BOOST_TEST(head->parameters().values.empty());
    BOOST_TEST(head->parameters().table.empty());
    BOOST_TEST(head->needs_fit());
    Head::Settings raw;
    raw.standardisation.standardise = false;
    BOOST_TEST(teacher(raw)->needs_fit()); // for its spread
}

BOOST_AUTO_TEST_CASE(fit_takes_the_moments_of_two_plain_passes) {
    Head::Settings settings;
    settings.scale = 0.5;
    settings.standardisation.floor = 1e-6;
    const auto standardised = fitted(settings);
    settings.standardisation.standardise = false;
    const auto raw = fitted(settings);
    BOOST_TEST(raw->affine().scale.empty());
    for (std::size_t c = 0; c < width; ++c) {
        BOOST_TEST(standardised->affine().shift[c] == static_cast<float>(mean(c)));
        BOOST_TEST(standardised->affine().scale[c] == static_cast<float>(1.0 / deviation(c)));
        BOOST_TEST(standardised->scale()[c] == 0.5F);
        BOOST_TEST(raw->scale()[c] == static_cast<float>(0.5 * deviation(c)));
    }
}

BOOST_AUTO_TEST_CASE(a_dimension_that_hardly_varies_has_the_floor_for_its_deviation) {
    for (std::size_t r = 0; r < examples; ++r)
        data.view().row(r)[1] = 7.0F;
    Head::Settings settings;
    settings.standardisation = {false, 0.5};
    const auto head = fitted(settings);
    const double squares = deviation(0) * deviation(0) + deviation(2) * deviation(2);
    BOOST_TEST(head->scale()[1] == static_cast<float>(0.1 * 0.5 * std::sqrt(squares / 3.0)));
    std::fill_n(data.view().data, examples * width, 7.0F); // nothing varies at all
    const auto constant = fitted(settings);
    for (const float value : constant->scale())
        BOOST_TEST(value == 0.1F);
}

BOOST_AUTO_TEST_CASE(student_side_has_a_scale_and_projects_where_widths_differ) {
    const auto target = fitted();
    const auto same = student(*target, width);
    BOOST_TEST_REQUIRE(same->parameters().table.size() == 1U);
    BOOST_TEST(same->parameters().table[0].name == "raw_scale");
    BOOST_TEST(!same->parameters().table[0].decays);
    const auto other = student(*target);
    BOOST_TEST_REQUIRE(other->parameters().table.size() == 3U);
    BOOST_TEST(other->parameters().table[0].name == "projection.weight");
    Head::Settings settings;
    settings.projection.always_project = true;
    BOOST_TEST(student(*target, width, settings)->parameters().table.size() == 3U);
    for (const auto *head : {same.get(), other.get()}) {
        BOOST_TEST((head->space() == target->space()));
        BOOST_TEST(!head->needs_fit());
        BOOST_TEST(head->affine().scale.data() == target->affine().scale.data());
        for (const float value : head->scale())
            BOOST_TEST(value == 0.1F);
    }
}

BOOST_AUTO_TEST_CASE(the_trained_scale_is_floor_plus_softplus_and_never_below_the_floor) {
    const auto target = fitted();
    const auto head = student(*target, width);
    const std::span<float> raw = head->parameters().values;
    raw[0] = -1e4F;
    raw[1] = 0.0F;
    raw[2] = 5.0F;
    BOOST_TEST(head->scale()[0] == 0.1F); // a copy, until it is told
    head->parameters_changed(sdk::Change::step);
    BOOST_TEST(head->scale()[0] == 0.01F);
    BOOST_TEST(head->scale()[1] == static_cast<float>(0.01 + std::log(2.0)));
    BOOST_TEST(head->scale()[2] == static_cast<float>(0.01 + std::log1p(std::exp(5.0))));
}

BOOST_AUTO_TEST_CASE(what_was_fitted_and_what_was_trained_are_state) {
    Head::Settings raw;
    raw.standardisation.standardise = false;
    for (const Head::Settings &settings : {Head::Settings{}, raw}) {
        const auto head = fitted(settings);
        test::State state = test::State::of(*head);
        const auto restored = teacher(settings);
        state.restore(*restored);
        BOOST_TEST((test::State::of(*restored) == state));
        for (std::size_t c = 0; c < width; ++c)
            BOOST_TEST(restored->scale()[c] == head->scale()[c]);
        BOOST_TEST(restored->affine().shift.size() == head->affine().shift.size());
        for (std::size_t c = 0; c < head->affine().shift.size(); ++c)
            BOOST_TEST(restored->affine().shift[c] == head->affine().shift[c]);
    }

    const auto target = fitted();
    const auto trained = student(*target);
    sdk::fill_normal(sdk::Random{3}, trained->parameters().values.first(15));
    trained->parameters().values[32] = 2.0F; // rho of the first dimension, behind two padded tensors
    trained->parameters_changed(sdk::Change::step);
    test::State of_student = test::State::of(*trained);
    BOOST_TEST(of_student.floats.size() == 1U); // and nothing of the teacher's
    const auto fresh = student(*target);
    of_student.restore(*fresh);
    BOOST_TEST((test::State::of(*fresh) == of_student));
    for (std::size_t c = 0; c < width; ++c)
        BOOST_TEST(fresh->scale()[c] == trained->scale()[c]);
    BOOST_TEST(fresh->scale()[0] > 2.0F);
}

BOOST_AUTO_TEST_CASE(a_scale_that_is_not_above_its_floor_is_refused_on_the_students_side) {
    const auto target = fitted();
    Head::Settings settings;
    settings.scale = settings.least_scale = 0.2;
    (void)fitted(settings); // the floor is none of the teacher's affairs
    BOOST_CHECK_EXCEPTION((void)student(*target, width, settings), sdk::Error, [](const sdk::Error &error) {
        return error.kind() == sdk::ErrorKind::settings && error.pointer() == "/scale" &&
               std::string(error.what()).find("floor") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
