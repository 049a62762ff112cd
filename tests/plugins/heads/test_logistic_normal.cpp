// SPDX-License-Identifier: Apache-2.0
#include "simplex_fixture.hpp"

#include <algorithm>
#include <plugins/heads/logistic_normal/logistic_normal.hpp>
#include <string>

namespace test_logistic_normal {

using namespace retort;
using test::SimplexFixture;
using Head = head_logistic_normal::LogisticNormal;

Head::Settings settings_of(double temperature, double scale) {
    Head::Settings settings;
    settings.temperature.temperature = temperature;
    settings.scale = scale;
    return settings;
}

} // namespace test_logistic_normal

BOOST_FIXTURE_TEST_SUITE(test_logistic_normal, SimplexFixture, *boost::unit_test::tolerance(1e-5F))

BOOST_AUTO_TEST_CASE(is_around_the_tap_at_the_teachers_temperature) {
    const auto teacher = make<Head>(settings_of(4.0, 0.3));
    BOOST_TEST((teacher->space() == sdk::Space{sdk::Space::Kind::simplex, width}));
    BOOST_TEST(teacher->family() == "logistic_normal");
    BOOST_TEST(!teacher->needs_fit());
    BOOST_TEST(teacher->parameters().values.empty());
    const auto student = make<Head>(settings_of(1.0, 0.7), teacher.get());
    BOOST_TEST(student->parameters().table.size() == 1U);
    for (Head *head : {teacher.get(), student.get()}) {
        const auto made = pass(*head);
        const sdk::Distribution q = made->distribution();
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width; ++c) {
                BOOST_TEST(q.parameters[0].row(r)[c] == taps[0].view().row(r)[c] / 4.0F);
                BOOST_TEST(q.parameters[1].row(r)[c] == (head == teacher.get() ? 0.3F : 0.7F));
            }
    }
}

BOOST_AUTO_TEST_CASE(of_several_members_the_moments_with_a_floor) {
    const auto teacher = make<Head>(settings_of(2.0, 0.4), nullptr, 2);
    const auto made = pass(*teacher, 2);
    bool above = false;
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            const float difference = taps[0].view().row(r)[c] - taps[1].view().row(r)[c];
            const float deviation = std::abs(difference) / 4.0F; // half of the difference, over the temperature
            above = above || deviation > 0.4F;
            BOOST_TEST(made->distribution().parameters[1].row(r)[c] == std::max(0.4F, deviation));
        }
    BOOST_TEST(above);
}

BOOST_AUTO_TEST_CASE(gradients_reach_the_tap_and_the_scale) {
    const auto teacher = make<Head>(settings_of(1.5, 0.5));
    const auto student = make<Head>(settings_of(1.0, 0.5), teacher.get());
    const auto made = pass(*student);
    const sdk::MatrixBuffer z(2 * rows, width);
    const sdk::MatrixBuffer on_sample = test::normal_matrix(2 * rows, width, sdk::Random{50});
    const auto loss = [&] {
        made->sample(z.view(), sdk::Random{5}, {});
        return test::dot(z.view(), on_sample.view());
    };
    check_member_gradients(*made, {.sample = on_sample.view()}, loss);
    const sdk::Parameters all = student->parameters();
    test::check_gradient(
        [&] {
            student->parameters_changed(sdk::Change::step);
            made->forward(views, {});
            return loss();
        },
        all.values.first(width), all.gradients.first(width), 1e-2F, 2e-3);
}

BOOST_AUTO_TEST_CASE(a_scale_that_is_not_above_its_floor_is_refused) {
    const auto teacher = make<Head>({});
    Head::Settings settings;
    settings.scale = settings.least_scale = 0.2;
    BOOST_CHECK_EXCEPTION((void)make<Head>(settings, teacher.get()), sdk::Error, [](const sdk::Error &error) {
        return error.pointer() == "/scale" && std::string(error.what()).find("floor") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
