// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/matrix.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <numeric>

BOOST_AUTO_TEST_SUITE(test_matrix)

using retort::sdk::ConstMatrix;
using retort::sdk::Matrix;

BOOST_AUTO_TEST_CASE(rows_are_a_stride_apart) {
    std::array<float, 12> numbers{};
    std::iota(numbers.begin(), numbers.end(), 0.0F);
    const Matrix matrix{numbers.data(), 3, 2, 4};
    BOOST_TEST(matrix.row(2)[1] == 9.0F);
    BOOST_TEST(matrix.row(2).size() == 2U);
    const Matrix tail = matrix.slice(1, 2);
    BOOST_TEST(tail.rows == 2U);
    BOOST_TEST(tail.row(0)[0] == 4.0F);
    const ConstMatrix view = matrix;
    BOOST_TEST(view.slice(2, 1).row(0)[0] == 8.0F);
    BOOST_TEST(view.stride == 4U);
    matrix.row(0)[0] = 7.0F;
    BOOST_TEST(view.row(0)[0] == 7.0F);
}

BOOST_AUTO_TEST_CASE(absent_matrices_are_empty) {
    float number = 0.0F;
    BOOST_TEST(Matrix{}.empty());
    BOOST_TEST(ConstMatrix{}.empty());
    BOOST_TEST((Matrix{&number, 0, 1, 1}.empty()));
    BOOST_TEST((ConstMatrix{&number, 1, 0, 1}.empty()));
    BOOST_TEST(!(Matrix{&number, 1, 1, 1}.empty()));
}

BOOST_AUTO_TEST_SUITE_END()
