// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/shared/standardisation.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_standardisation, *boost::unit_test::tolerance(1e-6))

namespace {

using namespace retort;
using plugin_support::Moments;
using plugin_support::Standardisation;

/// Columns: -1, 1, -1, 1, ... times 3 around 10; the same times 1e-3 around 0; constant 7.
sdk::MatrixBuffer alternating(std::size_t rows) {
    sdk::MatrixBuffer result(rows, 3);
    for (std::size_t r = 0; r < rows; ++r) {
        const float sign = r % 2 == 0 ? -1.0F : 1.0F;
        result.view().row(r)[0] = 10.0F + 3.0F * sign;
        result.view().row(r)[1] = 1e-3F * sign;
        result.view().row(r)[2] = 7.0F;
    }
    return result;
}

Standardisation fitted(const plugin_support::StandardisationSettings &settings, sdk::ConstMatrix rows) {
    Standardisation result(settings, rows.columns);
    result.add(rows);
    result.finish();
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(moments_match_two_passes_however_the_rows_are_cut) {
    const sdk::MatrixBuffer rows = test::normal_matrix(100, 4, sdk::Random{1});
    for (std::size_t r = 0; r < 100; ++r)
        rows.view().row(r)[3] += 1e4F; // a naive sum of squares would lose all digits of the variance
    Moments whole(4), pieces(4);
    whole.add(rows.view());
    for (const auto &[first, count] : {std::pair{0U, 1U}, std::pair{1U, 60U}, std::pair{61U, 0U}, std::pair{61U, 39U}})
        pieces.add(sdk::ConstMatrix(rows.view()).slice(first, count));
    BOOST_TEST(pieces.count() == 100U);
    for (std::size_t c = 0; c < 4; ++c) {
        double mean = 0.0, variance = 0.0;
        for (std::size_t r = 0; r < 100; ++r)
            mean += static_cast<double>(rows.view().row(r)[c]) / 100.0;
        for (std::size_t r = 0; r < 100; ++r)
            variance += std::pow(static_cast<double>(rows.view().row(r)[c]) - mean, 2) / 100.0;
        for (const Moments *moments : {&whole, &pieces}) {
            BOOST_TEST(moments->mean(c) == mean, boost::test_tools::tolerance(1e-12));
            BOOST_TEST(moments->variance(c) == variance, boost::test_tools::tolerance(1e-9));
        }
    }
}

BOOST_AUTO_TEST_CASE(no_rows_have_no_variance) {
    const Moments moments(2);
    BOOST_TEST(moments.variance(0) == 0.0);
    BOOST_TEST(moments.mean(1) == 0.0);
}

BOOST_AUTO_TEST_CASE(fitted_map_shifts_by_the_mean_and_divides_by_the_deviation) {
    const Standardisation standardisation = fitted({true, 1e-6}, alternating(50).view());
    const sdk::Affine affine = standardisation.affine();
    BOOST_TEST(affine.shift[0] == 10.0F);
    BOOST_TEST(affine.scale[0] == 1.0F / 3.0F, boost::test_tools::tolerance(1e-6F));
    BOOST_TEST(affine.scale[1] == 1000.0F, boost::test_tools::tolerance(1e-5F));
    BOOST_TEST(affine.shift[2] == 7.0F);
}

BOOST_AUTO_TEST_CASE(finishing_tells_the_deviations_even_where_no_map_is_wanted) {
    for (const bool wanted : {true, false}) {
        Standardisation standardisation({wanted, 0.5}, 3);
        standardisation.add(alternating(50).view());
        const double least = 0.5 * std::sqrt((9.0 + 1e-6) / 3.0);
        const std::vector<double> deviations = standardisation.finish();
        BOOST_TEST_REQUIRE(deviations.size() == 3U);
        BOOST_TEST(deviations[0] == 3.0);
        BOOST_TEST(deviations[1] == least);
        BOOST_TEST(deviations[2] == least);
        BOOST_TEST(standardisation.affine().scale.empty() == !wanted);
        for (const double value : standardisation.finish()) // of nothing
            BOOST_TEST(value == 1.0);
    }
}

BOOST_AUTO_TEST_CASE(floor_bounds_the_scale) {
    const Standardisation standardisation = fitted({true, 0.5}, alternating(50).view());
    const double least = 0.5 * std::sqrt((9.0 + 1e-6 + 0.0) / 3.0);
    BOOST_TEST(standardisation.affine().scale[0] == 1.0F / 3.0F, boost::test_tools::tolerance(1e-6F));
    for (const std::size_t c : {1U, 2U})
        BOOST_TEST(static_cast<double>(standardisation.affine().scale[c]) == 1.0 / least);
}

BOOST_AUTO_TEST_CASE(constant_data_are_only_shifted) {
    const sdk::MatrixBuffer rows(5, 2);
    const Standardisation standardisation = fitted({}, rows.view());
    for (const float scale : standardisation.affine().scale)
        BOOST_TEST(scale == 1.0F);
}

BOOST_AUTO_TEST_CASE(apply_is_the_identity_until_fitted_and_where_not_wanted) {
    const sdk::MatrixBuffer u = test::normal_matrix(3, 4, sdk::Random{1});
    for (const bool wanted : {false, true}) {
        const Standardisation standardisation({wanted, 0.1}, 4);
        BOOST_TEST(standardisation.affine().scale.empty() == !wanted);
        const sdk::MatrixBuffer z(3, 4);
        plugin_support::apply(standardisation.affine(), u.view(), z.view());
        for (std::size_t i = 0; i < 12; ++i)
            BOOST_TEST(z.view().data[i] == u.view().data[i]);
    }
}

BOOST_AUTO_TEST_CASE(apply_respects_strides_and_works_in_place) {
    const sdk::MatrixBuffer wide(2, 5);
    const sdk::Matrix view{wide.view().data, 2, 2, 5};
    view.row(1)[0] = 3.0F;
    view.row(1)[1] = -1.0F;
    const std::vector<float> shift{1.0F, 1.0F}, scale{2.0F, -3.0F};
    plugin_support::apply({shift, scale}, view, view);
    BOOST_TEST(view.row(1)[0] == 4.0F);
    BOOST_TEST(view.row(1)[1] == 6.0F);
    BOOST_TEST(view.row(0)[0] == -2.0F);
    BOOST_TEST(wide.view().row(0)[2] == 0.0F);
}

BOOST_AUTO_TEST_CASE(fitting_again_starts_afresh) {
    Standardisation standardisation({}, 3);
    for (const float offset : {5.0F, 0.0F}) {
        const sdk::MatrixBuffer rows = alternating(10);
        for (std::size_t r = 0; r < 10; ++r)
            rows.view().row(r)[0] += offset;
        standardisation.add(rows.view());
        standardisation.finish();
        BOOST_TEST(standardisation.affine().shift[0] == 10.0F + offset);
    }
}

BOOST_AUTO_TEST_SUITE_END()
