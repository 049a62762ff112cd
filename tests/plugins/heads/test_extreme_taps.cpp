// SPDX-License-Identifier: Apache-2.0
// Heads over a simplex on taps of +-100 and more: distributions, samples, densities and gradients stay finite.
#include "simplex_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <plugins/heads/categorical/categorical.hpp>
#include <plugins/heads/dirichlet/dirichlet.hpp>
#include <plugins/heads/logistic_normal/logistic_normal.hpp>

namespace test_extreme_taps {

using namespace retort;

constexpr std::size_t draws = 3;

bool all_finite(sdk::ConstMatrix matrix) {
    for (std::size_t r = 0; r < matrix.rows; ++r)
        if (!std::ranges::all_of(matrix.row(r), [](float value) { return std::isfinite(value); }))
            return false;
    return true;
}

struct Fixture : test::SimplexFixture {
    Fixture() {
        constexpr float extremes[rows][width] = {{100.0F, -100.0F, 0.0F, 1.0F},
                                                 {-100.0F, -100.0F, -100.0F, -100.0F},
                                                 {100.0F, 100.0F, 100.0F, 100.0F},
                                                 {100.0F, -100.0F, -100.0F, -100.0F},
                                                 {3000.0F, -3000.0F, 0.0F, 3000.0F}};
        for (sdk::MatrixBuffer &tap : taps)
            for (std::size_t r = 0; r < rows; ++r)
                std::ranges::copy(extremes[r], tap.view().row(r).begin());
    }

    /// Samples of the pass; each row lies in the simplex.
    void draw(sdk::HeadPass &pass, sdk::Matrix z) {
        pass.sample(z, sdk::Random{7}, {0, 1});
        BOOST_TEST(all_finite(z));
        for (std::size_t r = 0; r < z.rows; ++r) {
            double sum = 0.0;
            for (const float value : z.row(r))
                sum += static_cast<double>(value);
            BOOST_TEST(std::abs(sum - 1.0) < 1e-5);
        }
    }

    template <class Head> void check(std::size_t members) {
        const auto teacher = make<Head>({}, nullptr, members);
        const auto student = make<Head>({}, teacher.get());
        const sdk::MatrixBuffer z(draws * rows, width);
        const auto teachers = pass(*teacher, members);
        BOOST_TEST(all_finite(teachers->distribution().parameters[0]));
        draw(*teachers, z.view());

        const auto students = pass(*student);
        BOOST_TEST(all_finite(students->distribution().parameters[0]));
        std::vector<float> density(draws * rows);
        students->log_density(z.view(), density); // of the teacher's samples, often in a corner
        BOOST_TEST(all_finite({density.data(), 1, density.size(), density.size()}));
        draw(*students, z.view());
        const sdk::MatrixBuffer on_sample = test::normal_matrix(draws * rows, width, sdk::Random{50});
        const std::vector<float> on_density(draws * rows, 1.0F);
        const sdk::MatrixBuffer wanted(rows, width);
        const sdk::Matrix member_gradients[] = {wanted.view()};
        students->backward({.sample = on_sample.view(), .log_density = on_density, .parameters = {}}, member_gradients,
                           sdk::Write::replace);
        BOOST_TEST(all_finite(wanted.view()));
    }
};

} // namespace test_extreme_taps

BOOST_FIXTURE_TEST_SUITE(test_extreme_taps, Fixture)

BOOST_AUTO_TEST_CASE(they_leave_everything_finite) {
    for (const std::size_t members : {std::size_t{1}, std::size_t{3}})
        BOOST_TEST_CONTEXT(members << " members") {
            BOOST_TEST_CONTEXT("categorical")
            check<head_categorical::Categorical>(members);
            BOOST_TEST_CONTEXT("dirichlet")
            check<head_dirichlet::Dirichlet>(members);
            BOOST_TEST_CONTEXT("logistic_normal")
            check<head_logistic_normal::LogisticNormal>(members);
        }
}

BOOST_AUTO_TEST_SUITE_END()
