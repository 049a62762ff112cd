// SPDX-License-Identifier: Apache-2.0
#include "simplex_fixture.hpp"

#include <algorithm>
#include <plugins/heads/categorical/categorical.hpp>
#include <plugins/heads/dirichlet/dirichlet.hpp>

namespace test_dirichlet {

using namespace retort;
using test::SimplexFixture;
using Head = head_dirichlet::Dirichlet;

Head::Settings settings_of(double temperature, double precision, double least = 0.01) {
    Head::Settings settings;
    settings.temperature.temperature = temperature;
    settings.precision = precision;
    settings.least = least;
    return settings;
}

} // namespace test_dirichlet

BOOST_FIXTURE_TEST_SUITE(test_dirichlet, SimplexFixture, *boost::unit_test::tolerance(1e-5))

BOOST_AUTO_TEST_CASE(has_nothing_to_fit_or_train_where_widths_agree) {
    const auto teacher = make<Head>({});
    BOOST_TEST((teacher->space() == sdk::Space{sdk::Space::Kind::simplex, width}));
    BOOST_TEST(teacher->family() == "dirichlet");
    BOOST_TEST(!teacher->needs_fit());
    BOOST_TEST(teacher->parameters().values.empty());
    BOOST_TEST(make<Head>({}, teacher.get(), 1, 9)->parameters().table.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_teachers_concentrations_are_its_probabilities_times_the_precision) {
    const auto teacher = make<Head>(settings_of(3.0, 20.0, 0.05));
    const auto made = pass(*teacher);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c)
            BOOST_TEST(static_cast<double>(made->distribution().parameters[0].row(r)[c]) ==
                       0.05 + 20.0 * softmax(0, r, 3.0)[c]);
}

BOOST_AUTO_TEST_CASE(a_students_are_the_exponentials_of_its_tap_at_the_teachers_temperature) {
    const auto teacher = make<Head>(settings_of(2.0, 20.0));
    const auto student = make<Head>(settings_of(9.0, 1.0, 0.05), teacher.get());
    taps[0].view().row(0)[0] = 200.0F; // exp(100) goes on along the tangent at a million
    const auto made = pass(*student);
    const sdk::ConstMatrix alpha = made->distribution().parameters[0];
    BOOST_TEST(static_cast<double>(alpha.row(0)[0]) == 0.05 + 1e6 * (1.0 + 100.0 - std::log(1e6)));
    for (std::size_t i = 1; i < rows * width; ++i)
        BOOST_TEST(static_cast<double>(alpha.row(i / width)[i % width]) ==
                   0.05 + std::exp(static_cast<double>(taps[0].view().data[i]) / 2.0));
}

// The precision that makes the summed variance of a Dirichlet distribution that of the members' probabilities.
BOOST_AUTO_TEST_CASE(of_several_members_the_moments) {
    for (const double most : {1000.0, 2.0}) {
        const auto teacher = make<Head>(settings_of(4.0, most, 0.001), nullptr, 3);
        const auto made = pass(*teacher, 3);
        for (std::size_t r = 0; r < rows; ++r) {
            const sdk::ConstMatrix alpha = made->distribution().parameters[0];
            double whole = 0.0, spread = 0.0;
            for (std::size_t c = 0; c < width; ++c) {
                const double p[] = {softmax(0, r, 4.0)[c], softmax(1, r, 4.0)[c], softmax(2, r, 4.0)[c]};
                const double mean = (p[0] + p[1] + p[2]) / 3.0;
                whole += mean * (1.0 - mean);
                for (const double value : p)
                    spread += (value - mean) * (value - mean) / 3.0;
            }
            const double precision = std::clamp(whole / spread - 1.0, 1.0, most);
            BOOST_TEST(precision > 1.0);
            for (std::size_t c = 0; c < width; ++c) {
                const double mean = (softmax(0, r, 4.0)[c] + softmax(1, r, 4.0)[c] + softmax(2, r, 4.0)[c]) / 3.0;
                BOOST_TEST(static_cast<double>(alpha.row(r)[c]) == 0.001 + precision * mean);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(members_that_agree_have_the_set_precision_and_those_that_do_not_the_least) {
    taps[1] = test::normal_matrix(rows, width, sdk::Random{40}, 2.0F); // the first again
    const auto teacher = make<Head>(settings_of(1.0, 30.0, 0.001), nullptr, 2);
    const auto total = [&](std::size_t row) {
        const auto made = pass(*teacher, 2);
        double sum = 0.0;
        for (const float value : made->distribution().parameters[0].row(row))
            sum += static_cast<double>(value);
        return sum;
    };
    BOOST_TEST(total(0) == 30.004);
    std::ranges::fill(taps[0].view().row(1), 0.0F);
    std::ranges::fill(taps[1].view().row(1), 0.0F);
    taps[0].view().row(1)[0] = taps[1].view().row(1)[1] = 1000.0F;
    BOOST_TEST(total(1) == 1.004);
    std::ranges::fill(taps[0].view().row(1), 0.0F);
    taps[0].view().row(1)[1] = 1000.0F; // both sure of one class: no variance of no variance
    BOOST_TEST(total(1) == 30.004);
}

BOOST_AUTO_TEST_CASE(gradients_reach_one_member_or_several) {
    for (const std::size_t members : {std::size_t{1}, std::size_t{2}})
        BOOST_TEST_CONTEXT(members << " members") {
            const auto teacher = make<Head>(settings_of(1.5, 10.0));
            const auto student = make<Head>({}, teacher.get(), members);
            const auto made = pass(*student, members);
            const sdk::MatrixBuffer z(2 * rows, width), places(rows, width);
            for (std::size_t i = 0; i < rows * width; ++i)
                places.view().data[i] = i % width == 0 ? 0.4F : 0.2F;
            const sdk::MatrixBuffer on_sample = test::normal_matrix(2 * rows, width, sdk::Random{50});
            const sdk::MatrixBuffer on_alpha = test::normal_matrix(rows, width, sdk::Random{51});
            const sdk::MatrixBuffer on_density = test::normal_matrix(1, rows, sdk::Random{52});
            std::vector<float> density(rows);
            check_member_gradients(*made,
                                   {.sample = on_sample.view(),
                                    .log_density = on_density.view().row(0),
                                    .parameters = {on_alpha.view(), {}}},
                                   [&] {
                                       made->sample(z.view(), sdk::Random{5}, {});
                                       made->log_density(places.view(), density);
                                       return test::dot(z.view(), on_sample.view()) +
                                              test::dot({density.data(), 1, rows, rows}, on_density.view()) +
                                              test::dot(made->distribution().parameters[0], on_alpha.view());
                                   });
        }
}

BOOST_AUTO_TEST_CASE(meets_any_head_over_the_same_simplex) {
    const auto teacher = make<Head>(settings_of(5.0, 10.0));
    const auto student = make<head_categorical::Categorical>({}, teacher.get());
    BOOST_TEST((student->space() == teacher->space()));
    BOOST_TEST(student->affine().scale[0] == 0.2F);
}

BOOST_AUTO_TEST_SUITE_END()
