// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/heads/random_projection/projection.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_projection)

namespace {

using namespace retort;
using head_random_projection::Projection;

/// The projection's columns: what it makes of the unit vectors; [inputs, width].
sdk::MatrixBuffer columns_of(const Projection &projection, std::size_t width, std::size_t inputs) {
    const sdk::MatrixBuffer units(inputs, inputs);
    for (std::size_t i = 0; i < inputs; ++i)
        units.view().row(i)[i] = 1.0F;
    sdk::MatrixBuffer columns(inputs, width);
    projection.apply(units.view(), columns.view());
    return columns;
}

} // namespace

BOOST_AUTO_TEST_CASE(rows_are_orthonormal) {
    for (const auto &[width, inputs] : {std::pair{64U, 200U}, std::pair{1U, 7U}, std::pair{30U, 30U}}) {
        const sdk::MatrixBuffer columns = columns_of(Projection(width, inputs, sdk::Random{1}), width, inputs);
        for (std::size_t a = 0; a < width; ++a)
            for (std::size_t b = 0; b <= a; ++b) {
                double product = 0.0;
                for (std::size_t i = 0; i < inputs; ++i)
                    product +=
                        static_cast<double>(columns.view().row(i)[a]) * static_cast<double>(columns.view().row(i)[b]);
                BOOST_TEST(std::abs(product - (a == b ? 1.0 : 0.0)) <= 1e-5);
            }
    }
}

BOOST_AUTO_TEST_CASE(applies_the_same_matrix_to_every_row) {
    constexpr std::size_t width = 5, inputs = 33, rows = 4;
    const Projection projection(width, inputs, sdk::Random{1});
    const sdk::MatrixBuffer columns = columns_of(projection, width, inputs);
    const sdk::MatrixBuffer h = test::normal_matrix(rows, inputs, sdk::Random{2});
    const sdk::MatrixBuffer wide(rows, width + 2); // a stride
    const sdk::Matrix u{wide.view().data, rows, width, width + 2};
    projection.apply(h.view(), u);
    projection.apply(h.view(), u); // overwrites
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t j = 0; j < width; ++j) {
            double expected = 0.0;
            for (std::size_t i = 0; i < inputs; ++i)
                expected += static_cast<double>(h.view().row(r)[i]) * static_cast<double>(columns.view().row(i)[j]);
            BOOST_TEST(std::abs(static_cast<double>(u.row(r)[j]) - expected) <= 1e-5);
        }
        BOOST_TEST(wide.view().row(r)[width] == 0.0F);
    }
}

BOOST_AUTO_TEST_CASE(follows_its_stream) {
    const sdk::MatrixBuffer one = columns_of(Projection(3, 8, sdk::Random{1}), 3, 8);
    const sdk::MatrixBuffer same = columns_of(Projection(3, 8, sdk::Random{1}), 3, 8);
    const sdk::MatrixBuffer other = columns_of(Projection(3, 8, sdk::Random{2}), 3, 8);
    bool differs = false;
    for (std::size_t i = 0; i < 24; ++i) {
        BOOST_TEST(one.view().data[i] == same.view().data[i]);
        differs = differs || one.view().data[i] != other.view().data[i];
    }
    BOOST_TEST(differs);
}

// The mean square of an entry of a uniformly drawn orthonormal row is 1 / inputs, with mean 0.
BOOST_AUTO_TEST_CASE(directions_are_uniform) {
    constexpr std::size_t inputs = 16, draws = 400;
    std::vector<double> mean(inputs), square(inputs);
    for (std::size_t d = 0; d < draws; ++d) {
        const sdk::MatrixBuffer columns = columns_of(Projection(2, inputs, sdk::Random{d}), 2, inputs);
        for (std::size_t i = 0; i < inputs; ++i) {
            const double entry = static_cast<double>(columns.view().row(i)[1]);
            mean[i] += entry / draws;
            square[i] += entry * entry / draws;
        }
    }
    for (std::size_t i = 0; i < inputs; ++i) { // four standard errors
        BOOST_TEST(std::abs(mean[i]) <= 4.0 * 0.25 / 20.0);
        BOOST_TEST(std::abs(square[i] - 1.0 / inputs) <= 4.0 * std::sqrt(2.0) / inputs / 20.0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
