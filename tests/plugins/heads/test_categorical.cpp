// SPDX-License-Identifier: Apache-2.0
#include "simplex_fixture.hpp"

#include <algorithm>
#include <numeric>
#include <plugins/heads/categorical/categorical.hpp>
#include <plugins/heads/dirichlet/dirichlet.hpp>
#include <plugins/shared/families/categorical.hpp>
#include <string>

namespace test_categorical {

using namespace retort;
using test::SimplexFixture;
using Head = head_categorical::Categorical;

Head::Settings warm(double temperature) {
    Head::Settings settings;
    settings.temperature.temperature = temperature;
    return settings;
}

Head::Settings relaxed(const sdk::Schedule &relaxation) {
    Head::Settings settings;
    settings.relaxation = relaxation;
    return settings;
}

/// Checks that the densities of a pass are those of samples relaxed at `temperature`.
void check_relaxed(sdk::HeadPass &pass, double temperature) {
    const sdk::ConstMatrix log_p = pass.distribution().parameters[0];
    const sdk::MatrixBuffer place(log_p.rows, log_p.columns);
    std::vector<float> result(log_p.rows);
    for (std::size_t r = 0; r < log_p.rows; ++r)
        std::ranges::fill(place.view().row(r), 0.25F);
    plugin_support::Categorical family;
    family.set_relaxation(temperature);
    pass.log_density(place.view(), result);
    for (std::size_t r = 0; r < log_p.rows; ++r)
        BOOST_TEST(static_cast<double>(result[r]) == family.log_density({log_p.row(r)}, place.view().row(r)),
                   boost::test_tools::tolerance(1e-5));
}

} // namespace test_categorical

BOOST_FIXTURE_TEST_SUITE(test_categorical, SimplexFixture, *boost::unit_test::tolerance(1e-5))

BOOST_AUTO_TEST_CASE(has_nothing_to_fit_and_a_student_of_another_width_projects) {
    const auto teacher = make<Head>({});
    BOOST_TEST((teacher->space() == sdk::Space{sdk::Space::Kind::simplex, width}));
    BOOST_TEST(teacher->family() == "categorical");
    BOOST_TEST(!teacher->needs_fit());
    BOOST_TEST(teacher->parameters().values.empty());
    BOOST_TEST(make<Head>({}, teacher.get())->parameters().values.empty());
    const auto student = make<Head>({}, teacher.get(), 1, 7);
    BOOST_TEST_REQUIRE(student->parameters().table.size() == 2U);
    BOOST_TEST(student->parameters().table[0].name == "projection.weight");
    BOOST_TEST((student->space() == teacher->space()));
}

BOOST_AUTO_TEST_CASE(of_one_class_there_is_nothing_to_say) {
    BOOST_CHECK_EXCEPTION((void)make<Head>({}, nullptr, 1, 1), sdk::Error, [](const sdk::Error &error) {
        return error.kind() == sdk::ErrorKind::settings &&
               std::string(error.what()).find("allowed: a tap of two numbers or more") != std::string::npos;
    });
    const auto teacher = make<Head>({});
    BOOST_TEST(make<Head>({}, teacher.get(), 1, 1)->space().width == width); // a student's tap of one is projected
}

BOOST_AUTO_TEST_CASE(parameters_are_the_logarithms_of_the_probabilities_at_the_teachers_temperature) {
    const auto teacher = make<Head>(warm(3.0));
    const auto student = make<Head>(warm(7.0), teacher.get());
    for (Head *head : {teacher.get(), student.get()}) {
        const auto made = pass(*head);
        const sdk::Distribution q = made->distribution();
        BOOST_TEST(q.family == "categorical");
        BOOST_TEST(q.parameters[1].empty());
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width; ++c)
                BOOST_TEST(std::exp(static_cast<double>(q.parameters[0].row(r)[c])) == softmax(0, r, 3.0)[c]);
    }
}

BOOST_AUTO_TEST_CASE(of_several_members_the_mean_of_their_probabilities) {
    const auto teacher = make<Head>(warm(2.0), nullptr, 3);
    const auto made = pass(*teacher, 3);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            const double mean = (softmax(0, r, 2.0)[c] + softmax(1, r, 2.0)[c] + softmax(2, r, 2.0)[c]) / 3.0;
            BOOST_TEST(std::exp(static_cast<double>(made->distribution().parameters[0].row(r)[c])) == mean);
        }
}

BOOST_AUTO_TEST_CASE(gradients_reach_one_member_or_several) {
    for (const std::size_t members : {std::size_t{1}, std::size_t{3}})
        BOOST_TEST_CONTEXT(members << " members") {
            const auto teacher = make<Head>(warm(1.5));
            const auto student = make<Head>({}, teacher.get(), members);
            const auto made = pass(*student, members);
            const sdk::MatrixBuffer z(2 * rows, width);
            const sdk::MatrixBuffer on_sample = test::normal_matrix(2 * rows, width, sdk::Random{50});
            const sdk::MatrixBuffer on_logits = test::normal_matrix(rows, width, sdk::Random{51});
            check_member_gradients(*made, {.sample = on_sample.view(), .parameters = {on_logits.view(), {}}}, [&] {
                made->sample(z.view(), sdk::Random{5}, {});
                return test::dot(z.view(), on_sample.view()) +
                       test::dot(made->distribution().parameters[0], on_logits.view());
            });
        }
}

// The density after a sample is that at the schedule's temperature there; before any, at the stage's first.
BOOST_AUTO_TEST_CASE(samples_and_densities_follow_the_schedule) {
    const auto teacher = make<Head>(relaxed({sdk::Schedule::Shape::linear, 2.0, 0.2}));
    const auto made = pass(*teacher);
    const sdk::MatrixBuffer z(rows, width);
    check_relaxed(*made, 2.0);
    made->sample(z.view(), sdk::Random{5}, {5, 10});
    check_relaxed(*made, 1.1);
    const std::vector<float> half(z.view().data, z.view().data + rows * width);
    made->sample(z.view(), sdk::Random{5}, {9, 10});
    for (std::size_t r = 0; r < rows; ++r) { // colder: further out
        BOOST_TEST(std::ranges::max(z.view().row(r)) >= std::ranges::max(std::span(half).subspan(r * width, width)));
        BOOST_TEST(static_cast<double>(std::accumulate(z.view().row(r).begin(), z.view().row(r).end(), 0.0F)) == 1.0);
    }
}

BOOST_AUTO_TEST_CASE(a_student_samples_at_the_relaxation_of_the_teachers_head_whatever_it_says_itself) {
    const auto teacher = make<Head>(relaxed({sdk::Schedule::Shape::linear, 2.0, 0.2}));
    const auto student = make<Head>(relaxed(50.0), teacher.get());
    const auto of_teacher = pass(*teacher);
    const auto of_student = pass(*student);
    const sdk::MatrixBuffer t(rows, width), s(rows, width);
    check_relaxed(*of_student, 2.0);
    for (const std::uint64_t step : {0U, 5U, 9U}) {
        of_teacher->sample(t.view(), sdk::Random{5}, {step, 10});
        of_student->sample(s.view(), sdk::Random{5}, {step, 10});
        for (std::size_t r = 0; r < rows; ++r) // of the same tap
            BOOST_TEST(std::ranges::equal(s.view().row(r), t.view().row(r)));
    }
    check_relaxed(*of_student, 0.38);
}

BOOST_AUTO_TEST_CASE(under_a_teachers_head_that_is_another_a_student_has_its_own_relaxation) {
    const auto teacher = make<head_dirichlet::Dirichlet>({});
    const auto student = make<Head>(relaxed({sdk::Schedule::Shape::linear, 2.0, 0.2}), teacher.get());
    const auto made = pass(*student);
    const sdk::MatrixBuffer z(rows, width);
    check_relaxed(*made, 2.0);
    made->sample(z.view(), sdk::Random{5}, {9, 10});
    check_relaxed(*made, 0.38);
}

BOOST_AUTO_TEST_SUITE_END()
