// SPDX-License-Identifier: Apache-2.0
#include "singular_value.hpp"

#include <boost/test/unit_test.hpp>

#include <plugins/discriminators/spectral_norm_mlp/spectral_norm.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_spectral_norm {

using namespace retort;
using discriminator_spectral_norm_mlp::SpectralNorm;

/// A weight of 23 x 37: no multiple of a vector's width.
struct Fixture {
    static constexpr std::size_t rows = 23;
    static constexpr std::size_t columns = 37;

    test::FakeServices services;
    SpectralNorm norm{rows, columns, services};
    sdk::MatrixBuffer weight = test::normal_matrix(rows, columns, sdk::Random{1}, 0.3F);
    sdk::MatrixBuffer effective{rows, columns};
};

std::vector<float> copy(std::span<const float> values) {
    return {values.begin(), values.end()};
}

std::vector<float> copy(sdk::ConstMatrix dense) {
    return {dense.data, dense.data + dense.rows * dense.columns};
}

double length(const std::vector<double> &values) {
    double sum = 0.0;
    for (const double value : values)
        sum += value * value;
    return std::sqrt(sum);
}

void check_direction(std::span<const float> found, const std::vector<double> &expected) {
    for (std::size_t i = 0; i < found.size(); ++i)
        BOOST_TEST(std::abs(static_cast<double>(found[i]) - expected[i] / length(expected)) < 1e-6);
}

} // namespace test_spectral_norm

BOOST_FIXTURE_TEST_SUITE(test_spectral_norm, Fixture)

BOOST_AUTO_TEST_CASE(one_step_agrees_with_plain_loops) {
    norm.initialise(weight.view(), sdk::Random{2});
    sdk::fill_normal(sdk::Random{3}, norm.u()); // anywhere: far from where it would stay
    std::vector<double> v(columns), u(rows);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < columns; ++i)
            v[i] += static_cast<double>(weight.view().row(row)[i]) * static_cast<double>(norm.u()[row]);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < columns; ++i)
            u[row] += static_cast<double>(weight.view().row(row)[i]) * v[i] / length(v);
    norm.iterate(weight.view());
    check_direction(norm.v(), v);
    check_direction(norm.u(), u);
    norm.divide(weight.view(), effective.view());
    BOOST_TEST(std::abs(static_cast<double>(norm.sigma()) - length(u)) < 1e-5); // u^T W v = |W v|
}

// (a b^T) has the one singular value |a| |b| = 3 * 5.
BOOST_AUTO_TEST_CASE(a_product_of_two_vectors_has_a_closed_form) {
    sdk::MatrixBuffer product(3, 2);
    const float a[] = {1.0F, 2.0F, -2.0F};
    for (std::size_t row = 0; row < 3; ++row) {
        product.view().row(row)[0] = a[row] * 3.0F;
        product.view().row(row)[1] = a[row] * -4.0F;
    }
    SpectralNorm small(3, 2, services);
    sdk::MatrixBuffer divided(3, 2);
    small.initialise(product.view(), sdk::Random{1});
    small.divide(product.view(), divided.view());
    BOOST_TEST(std::abs(small.sigma() - 15.0F) < 1e-5F);
    BOOST_TEST(std::abs(divided.view().row(2)[1] - 8.0F / 15.0F) < 1e-6F);
}

BOOST_AUTO_TEST_CASE(the_norm_of_the_divided_weight_converges_to_one) {
    const double expected = test::largest_singular_value(weight.view());
    norm.initialise(weight.view(), sdk::Random{2});
    norm.divide(weight.view(), effective.view());
    BOOST_TEST(std::abs(static_cast<double>(norm.sigma()) / expected - 1.0) < 0.02); // fair from the first
    for (int i = 0; i < 500; ++i)
        norm.iterate(weight.view());
    norm.divide(weight.view(), effective.view());
    BOOST_TEST(std::abs(static_cast<double>(norm.sigma()) / expected - 1.0) < 1e-5);
    BOOST_TEST(std::abs(test::largest_singular_value(effective.view()) - 1.0) < 1e-5);
}

BOOST_AUTO_TEST_CASE(dividing_leaves_the_vectors_alone) {
    norm.initialise(weight.view(), sdk::Random{2});
    const auto u = copy(norm.u()), v = copy(norm.v());
    norm.divide(weight.view(), effective.view());
    BOOST_TEST(copy(norm.u()) == u, boost::test_tools::per_element());
    BOOST_TEST(copy(norm.v()) == v, boost::test_tools::per_element());
}

// The loss <C, W'> with u and v held fixed, far from the singular vectors or at them. Step 1e-2, tolerance 2e-3.
BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_finite_differences_with_fixed_vectors) {
    const auto coefficients = test::normal_matrix(rows, columns, sdk::Random{4});
    sdk::MatrixBuffer gradient(rows, columns);
    const auto loss = [&] {
        norm.divide(weight.view(), effective.view());
        double sum = 0.0;
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < columns; ++i)
                sum += static_cast<double>(coefficients.view().row(row)[i]) *
                       static_cast<double>(effective.view().row(row)[i]);
        return sum;
    };
    norm.initialise(weight.view(), sdk::Random{2});
    loss();
    norm.pull_back(effective.view(), coefficients.view(), gradient.view(), sdk::Write::replace);
    const std::vector<float> once = copy(gradient.view());
    test::check_gradient(loss, {weight.view().data, rows * columns}, once, 1e-2F, 2e-3);

    loss();
    norm.pull_back(effective.view(), coefficients.view(), gradient.view(), sdk::Write::add);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(std::abs(gradient.view().data[i] - 2.0F * once[i]) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(a_weight_of_zero_stays_zero) {
    const sdk::MatrixBuffer zero(rows, columns);
    norm.initialise(zero.view(), sdk::Random{2});
    norm.divide(zero.view(), effective.view());
    for (const float value : copy(effective.view()))
        BOOST_TEST(value == 0.0F);
}

BOOST_AUTO_TEST_CASE(bytes_do_not_depend_on_how_loops_are_shared) {
    const auto coefficients = test::normal_matrix(rows, columns, sdk::Random{4});
    std::vector<std::vector<float>> results;
    for (const std::size_t parts : {1U, 3U}) {
        services.parts = parts;
        norm.initialise(weight.view(), sdk::Random{2});
        norm.divide(weight.view(), effective.view());
        sdk::MatrixBuffer gradient(rows, columns);
        norm.pull_back(effective.view(), coefficients.view(), gradient.view(), sdk::Write::replace);
        results.push_back(copy(gradient.view()));
    }
    BOOST_TEST(results[0] == results[1], boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
