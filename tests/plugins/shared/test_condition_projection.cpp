// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/condition_projection.hpp>
#include <support/allocations.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_condition_projection {

using namespace retort;
using plugin_support::ConditionProjection;
using plugin_support::DenseNetwork;
using plugin_support::DenseShape;

constexpr std::size_t sample_width = 5;
constexpr std::size_t width = 3; // of the condition, all features save where a test says otherwise
constexpr std::size_t units = 4;
constexpr std::size_t rows = 6;

DenseShape shape() {
    DenseShape made;
    made.input_width = sample_width + width;
    made.hidden = {units};
    made.output_width = 1;
    return made;
}

struct Fixture {
    Fixture() {
        network.initialise(sdk::Random{1});
        sdk::fill_normal(sdk::Random{2}, network.bias(0));
    }

    /// The weight that unit `unit` has for feature `i`.
    [[nodiscard]] float weight(std::size_t unit, std::size_t i) const {
        return network.weight(0)[unit * (sample_width + width) + sample_width + i];
    }

    DenseNetwork network{shape()};
    test::FakeServices services;
    ConditionProjection projection{network, {width, 0}, rows, services};
    sdk::MatrixBuffer features = test::normal_matrix(rows, width, sdk::Random{3});
    sdk::MatrixBuffer gradient = test::normal_matrix(rows, units, sdk::Random{4});
};

} // namespace test_condition_projection

BOOST_FIXTURE_TEST_SUITE(test_condition_projection, Fixture)

BOOST_AUTO_TEST_CASE(forward_agrees_with_plain_loops_for_any_number_of_examples) {
    for (const std::size_t examples : {6U, 3U, 1U, 6U}) {
        const sdk::ConstMatrix result = projection.forward({{}, features.view(examples)}, rows);
        BOOST_TEST_REQUIRE(result.rows == examples);
        for (std::size_t r = 0; r < examples; ++r)
            for (std::size_t unit = 0; unit < units; ++unit) {
                float sum = network.bias(0)[unit];
                for (std::size_t i = 0; i < width; ++i)
                    sum += weight(unit, i) * features.view().row(r)[i];
                BOOST_TEST(std::abs(result.row(r)[unit] - sum) < 1e-5F);
            }
    }
}

BOOST_AUTO_TEST_CASE(features_may_be_rows_of_a_wider_matrix) {
    const sdk::MatrixBuffer wide = test::normal_matrix(rows, width + 2, sdk::Random{5});
    for (std::size_t r = 0; r < rows; ++r)
        std::ranges::copy(wide.view().row(r).first(width), features.view().row(r).begin());
    const sdk::ConstMatrix narrow = projection.forward({{}, {wide.view().data, rows, width, width + 2}}, rows);
    const std::vector<float> found(narrow.data, narrow.data + rows * units);
    const sdk::ConstMatrix expected = projection.forward({{}, features.view()}, rows);
    BOOST_TEST(found == std::vector<float>(expected.data, expected.data + rows * units),
               boost::test_tools::per_element());
}

// The projection is linear in its weight, so a wide step is exact but for rounding: tolerance 1e-4. Weights of the
// sample and the bias are another's affair: their gradients stay at 0 here, and so do differences of the sample's.
BOOST_AUTO_TEST_CASE(the_gradient_is_summed_over_the_samples_of_an_example) {
    for (const std::size_t examples : {6U, 3U, 2U}) {
        BOOST_TEST_CONTEXT(examples << " examples") {
            const auto loss = [&] {
                const sdk::ConstMatrix result = projection.forward({{}, features.view(examples)}, rows);
                double sum = 0.0;
                for (std::size_t r = 0; r < rows; ++r)
                    for (std::size_t unit = 0; unit < units; ++unit)
                        sum += static_cast<double>(gradient.view().row(r)[unit]) *
                               static_cast<double>(result.row(r % examples)[unit]);
                return sum;
            };
            loss();
            std::ranges::fill(network.parameters().gradients, 0.0F);
            projection.backward(gradient.view(), sdk::Write::replace);
            test::check_gradient(loss, network.weight(0), network.weight_gradient(0), 0.25F, 1e-4);
            BOOST_TEST(std::ranges::count(network.bias_gradient(0), 0.0F) == static_cast<std::ptrdiff_t>(units));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_gradient_replaces_or_adds_in_its_own_columns_alone) {
    projection.forward({{}, features.view(3)}, rows);
    std::ranges::fill(network.parameters().gradients, 7.0F);
    projection.backward(gradient.view(), sdk::Write::replace);
    const std::vector<float> once(network.weight_gradient(0).begin(), network.weight_gradient(0).end());
    projection.backward(gradient.view(), sdk::Write::add);
    for (std::size_t i = 0; i < once.size(); ++i) {
        const bool condition = i % (sample_width + width) >= sample_width;
        BOOST_TEST(std::abs(network.weight_gradient(0)[i] - (condition ? 2.0F * once[i] : 7.0F)) < 1e-5F);
        BOOST_TEST((once[i] == 7.0F) == !condition);
    }
}

// One feature and two classes: the last two columns are those of the labels 0 and 1.
BOOST_AUTO_TEST_CASE(a_label_adds_its_column_and_no_label_adds_nothing) {
    ConditionProjection labelled(network, {1, 2}, rows, services);
    const std::int32_t labels[] = {1, sdk::unlabelled, 0};
    const sdk::ConstMatrix first = {features.view().data, 3, 1, width};
    const sdk::ConstMatrix result = labelled.forward({{{}, labels}, first}, rows);
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t unit = 0; unit < units; ++unit) {
            const float embedding = labels[r] < 0 ? 0.0F : weight(unit, 1 + static_cast<std::size_t>(labels[r]));
            const float expected = network.bias(0)[unit] + weight(unit, 0) * first.row(r)[0] + embedding;
            BOOST_TEST(std::abs(result.row(r)[unit] - expected) < 1e-5F);
        }
}

BOOST_AUTO_TEST_CASE(the_gradient_of_a_label_is_that_of_its_samples) {
    ConditionProjection labelled(network, {0, width}, rows, services);
    const std::int32_t labels[] = {2, sdk::unlabelled, 2};
    labelled.forward({{{}, labels}, {}}, rows);
    labelled.backward(gradient.view(), sdk::Write::replace);
    for (std::size_t unit = 0; unit < units; ++unit)
        for (std::size_t i = 0; i < width; ++i) {
            float expected = 0.0F;
            for (std::size_t r = 0; r < rows && i == 2; ++r)
                expected += labels[r % 3] == 2 ? gradient.view().row(r)[unit] : 0.0F;
            const float found = network.weight_gradient(0)[unit * (sample_width + width) + sample_width + i];
            BOOST_TEST(std::abs(found - expected) < 1e-5F);
        }
}

/// A projection of features and a label's embedding of two numbers by a weight of its own, for three classes.
struct Embedded {
    DenseNetwork network{shape(), std::vector<plugin_support::ExtraTensor>{
                                      {"weight", units, 3, true}, {"bias", 1, units, false}, {"table", 4, 2, true}}};
    test::FakeServices services;
    ConditionProjection projection{
        {network.extra(0), network.extra(1).values.row(0), network.extra(2)}, {1, 3, 2}, rows, services};
    sdk::MatrixBuffer features = test::normal_matrix(3, 1, sdk::Random{3});
    sdk::MatrixBuffer gradient = test::normal_matrix(rows, units, sdk::Random{4});
    std::vector<std::int32_t> labels{2, sdk::unlabelled, 2};

    Embedded() { sdk::fill_normal(sdk::Random{9}, network.parameters().values); }

    [[nodiscard]] sdk::ConstMatrix forward() { return projection.forward({{{}, labels}, features.view()}, rows); }
};

BOOST_AUTO_TEST_CASE(an_embedding_is_a_row_of_a_table_with_one_for_the_unlabelled) {
    Embedded made;
    const sdk::ConstMatrix result = made.forward();
    for (std::size_t r = 0; r < 3; ++r) {
        const std::size_t row = made.labels[r] < 0 ? 3 : 2;
        for (std::size_t unit = 0; unit < units; ++unit) {
            const std::span<const float> weight = made.network.extra(0).values.row(unit);
            float expected = made.network.extra(1).values.row(0)[unit] + weight[0] * made.features.view().row(r)[0];
            for (std::size_t i = 0; i < 2; ++i)
                expected += weight[1 + i] * made.network.extra(2).values.row(row)[i];
            BOOST_TEST(std::abs(result.row(r)[unit] - expected) < 1e-5F);
        }
    }
}

// Bilinear in weight and table: differences are exact but for rounding.
BOOST_AUTO_TEST_CASE(the_gradient_of_an_embedding_is_that_of_finite_differences) {
    Embedded made;
    const auto loss = [&] {
        const sdk::ConstMatrix result = made.forward();
        double sum = 0.0;
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t unit = 0; unit < units; ++unit)
                sum += static_cast<double>(made.gradient.view().row(r)[unit]) *
                       static_cast<double>(result.row(r % 3)[unit]);
        return sum;
    };
    loss();
    made.projection.backward(made.gradient.view(), sdk::Write::replace);
    made.projection.backward(made.gradient.view(), sdk::Write::add);
    for (const std::size_t tensor : {0U, 2U}) {
        const plugin_support::TensorView view = made.network.extra(tensor);
        const std::size_t count = view.values.rows * view.values.columns;
        std::vector<float> half(view.gradients.data, view.gradients.data + count);
        for (float &value : half)
            value *= 0.5F;
        test::check_gradient(loss, {view.values.data, count}, half, 0.25F, 1e-4);
    }
    made.projection.clear_gradients();
    for (const float value : made.network.parameters().gradients)
        BOOST_TEST(value == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_condition_that_does_not_fit_is_refused) {
    ConditionProjection labelled(network, {1, 2}, rows, services);
    const sdk::ConstMatrix column = {features.view().data, 3, 1, width};
    const std::int32_t labels[] = {1, 0, 0, 2, -2};
    const auto some = [&](std::size_t first, std::size_t count) {
        return sdk::Batch{{}, std::span<const std::int32_t>(labels).subspan(first, count)};
    };
    BOOST_CHECK_NO_THROW(labelled.forward({some(0, 3), column}, rows));
    BOOST_CHECK_THROW(labelled.forward({some(0, 2), column}, rows), sdk::Error);
    BOOST_CHECK_THROW(labelled.forward({some(0, 3), {}}, rows), sdk::Error);
    BOOST_CHECK_THROW(labelled.forward({{}, column}, rows), sdk::Error);
    BOOST_CHECK_THROW(labelled.forward({some(0, 3), column}, rows - 1), sdk::Error);
    BOOST_CHECK_THROW(labelled.forward({some(0, 3), features.view(3)}, rows), sdk::Error);
    BOOST_CHECK_THROW(labelled.forward({some(1, 3), column}, rows), sdk::Error); // there is no class 2
    BOOST_CHECK_THROW(labelled.forward({some(2, 3), column}, rows), sdk::Error);
}

BOOST_AUTO_TEST_CASE(a_number_of_examples_that_was_seen_before_builds_nothing) {
    const auto step = [&] {
        projection.forward({{}, features.view(3)}, rows);
        projection.backward(gradient.view(), sdk::Write::replace);
    };
    const std::size_t none = test::allocations();
    step();
    BOOST_TEST(test::allocations() > none);
    const std::size_t before = test::allocations();
    step();
    BOOST_TEST(test::allocations() == before);
}

BOOST_AUTO_TEST_SUITE_END()
