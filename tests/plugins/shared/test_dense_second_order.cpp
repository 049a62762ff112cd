// SPDX-License-Identifier: Apache-2.0
#include "bfloat16_only.hpp"

// DensePass::second_backward against differences of the input gradient.
#include <retort/sdk/conformance/numeric.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <plugins/shared/dense_pass.hpp>
#include <string>
#include <support/allocations.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <support/resolved.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_dense_second_order)

using namespace retort;
using plugin_support::Activation;
using plugin_support::DenseNetwork;
using plugin_support::DensePass;
using plugin_support::DenseShape;
using plugin_support::LayerGradient;

constexpr std::size_t rows = 5;
constexpr std::size_t tail = 3;
constexpr std::size_t width = 4;

struct Case {
    const char *name;
    std::vector<std::size_t> hidden;
    std::size_t outputs = 1;
    double dropout = 0.0;
    double input_dropout = 0.0;
    std::size_t offset = 0; ///< trailing columns
    bool tapped = false;    ///< the first hidden layer is read, so that dropout has a buffer of its own
};

const Case cases[] = {{"linear", {}},
                      {"one hidden layer", {7}},
                      {"two hidden layers", {7, 6}},
                      {"three, of several outputs", {6, 7, 5}, 3},
                      {"dropout", {16, 12}, 1, 0.4},
                      {"dropout, a layer of which is read", {16, 12}, 1, 0.4, 0.0, 0, true},
                      {"input dropout", {8}, 2, 0.0, 0.4},
                      {"a condition's offset", {8, 6}, 1, 0.0, 0.0, 2}};

constexpr plugin_support::ActivationFunction functions[] = {
    {Activation::relu}, {Activation::leaky_relu, 0.2F}, {Activation::tanh}, {Activation::gelu}};

/// A pass with its input, seed and direction.
struct Fixture {
    Fixture(const Case &test, plugin_support::ActivationFunction function)
        : network(shape(test, function)), seed(test::normal_matrix(rows, test.outputs, sdk::Random{4})),
          offset(test::normal_matrix(rows, network.output_width(0), sdk::Random{6})),
          with_bias(rows, network.output_width(0)) {
        network.initialise(sdk::Random{1});
        for (std::size_t layer = 0; layer < network.layers(); ++layer)
            sdk::fill_normal(sdk::Random{20 + layer}, network.bias(layer));
        for (std::size_t row = 0; row < rows; ++row)
            streams.push_back(sdk::Random{7}.at(row));
        const std::vector<std::size_t> taps(test.tapped ? 1 : 0);
        pass.emplace(network, surroundings.services,
                     plugin_support::DensePassSpec{{sdk::Mode::train, rows, tail, true, true, taps}, test.offset});
        offset_columns = test.offset;
    }

    static DenseShape shape(const Case &test, plugin_support::ActivationFunction function) {
        DenseShape made;
        made.input_width = width + test.offset;
        made.hidden = test.hidden;
        made.output_width = test.outputs;
        made.activation = function;
        made.dropout = test.dropout;
        made.input_dropout = test.input_dropout;
        return made;
    }

    /// The first layer's bias is part of what an offset stands for.
    void forward(std::size_t count) {
        for (std::size_t row = 0; row < count; ++row)
            for (std::size_t unit = 0; unit < network.output_width(0); ++unit)
                with_bias.view().row(row)[unit] = offset.view().row(row)[unit] + network.bias(0)[unit];
        pass->forward(input.view(count), streams, offset_columns > 0 ? with_bias.view(count) : sdk::Matrix{});
    }

    /// sum_r <direction_r, d <seed_r, output_r> / d input_r>.
    sdk::conformance::Sum slope_sum(std::size_t count) {
        forward(count);
        const LayerGradient gradient{network.layers() - 1, seed.view(count)};
        pass->backward({&gradient, 1}, sdk::Write::none);
        sdk::conformance::Sum sum;
        for (std::size_t row = 0; row < count; ++row)
            for (std::size_t i = 0; i < width; ++i) {
                const double term = static_cast<double>(direction.view().row(row)[i]) *
                                    static_cast<double>(pass->input_gradient().row(row)[i]);
                sum.value += term;
                sum.size += std::abs(term);
            }
        return sum;
    }

    /// Whether the slope is a smooth function of the parameters: there is no activation with a kink.
    [[nodiscard]] bool smooth() const {
        return network.shape().hidden.empty() || !network.shape().activation.piecewise_linear();
    }

    void second(std::size_t count, sdk::Write write) {
        pass->second_backward(seed.view(count), direction.view(count), write);
    }

    test::Surroundings surroundings;
    DenseNetwork network;
    sdk::MatrixBuffer input = test::normal_matrix(rows, width, sdk::Random{2});
    sdk::MatrixBuffer direction = test::normal_matrix(rows, width, sdk::Random{3});
    sdk::MatrixBuffer seed;
    sdk::MatrixBuffer offset;
    sdk::MatrixBuffer with_bias;
    std::size_t offset_columns = 0;
    std::vector<sdk::Random> streams;
    std::optional<DensePass> pass;
};

std::vector<float> copy(std::span<const float> values) {
    return {values.begin(), values.end()};
}

template <class Check> void for_every_case(Check &&check) {
    for (const Case &test : cases)
        for (const auto function : functions)
            for (const std::size_t count : {rows, tail})
                BOOST_TEST_CONTEXT(test.name
                                   << ", "
                                   << plugin_support::names_of(function.kind)[static_cast<std::size_t>(function.kind)]
                                   << ", " << count << " rows") {
                    Fixture fixture(test, function);
                    check(fixture, count);
                }
}

// Gradients of a weight's offset columns are the caller's: they are 0 here, and so are differences of them.
BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences_of_the_slope) {
    for_every_case([](Fixture &fixture, std::size_t count) {
        fixture.slope_sum(count);
        fixture.second(count, sdk::Write::replace);
        const sdk::Parameters all = fixture.network.parameters();
        test::Resolved resolved;
        resolved.check_all(all, copy(all.gradients), [&] { return fixture.slope_sum(count); });
        resolved.check_count(fixture.smooth());
    });
}

// With respect to the offset, which moves the first layer's activations alone.
BOOST_AUTO_TEST_CASE(the_first_gradient_is_that_of_the_first_layers_sum) {
    for (const auto function : functions) {
        Fixture fixture(cases[7], function);
        fixture.slope_sum(rows);
        fixture.second(rows, sdk::Write::replace);
        const sdk::ConstMatrix first = fixture.pass->first_gradient();
        BOOST_TEST(first.empty() == function.piecewise_linear());
        const std::size_t size = rows * fixture.network.output_width(0);
        if (first.empty())
            continue;
        test::Resolved resolved;
        resolved.check("offset", {fixture.offset.view().data, size}, copy({first.data, size}),
                       [&] { return fixture.slope_sum(rows); });
        resolved.check_count(true);
    }
}

BOOST_AUTO_TEST_CASE(the_output_tangent_gives_the_sum) {
    for_every_case([](Fixture &fixture, std::size_t count) {
        const double expected = fixture.slope_sum(count).value;
        fixture.second(count, sdk::Write::add);
        double sum = 0.0;
        const sdk::ConstMatrix tangent = fixture.pass->output_tangent();
        BOOST_TEST(tangent.rows == count);
        for (std::size_t row = 0; row < count; ++row)
            for (std::size_t i = 0; i < tangent.columns; ++i)
                sum += static_cast<double>(tangent.row(row)[i]) * static_cast<double>(fixture.seed.view().row(row)[i]);
        BOOST_TEST(std::abs(sum - expected) < 1e-4 * std::max(1.0, std::abs(expected)));
    });
}

BOOST_AUTO_TEST_CASE(it_replaces_adds_or_leaves_alone) {
    for_every_case([](Fixture &fixture, std::size_t count) {
        fixture.slope_sum(count);
        const std::span<float> gradients = fixture.network.parameters().gradients;
        fixture.second(count, sdk::Write::replace);
        const std::vector<float> once = copy(gradients);
        fixture.second(count, sdk::Write::replace);
        BOOST_TEST(copy(gradients) == once, boost::test_tools::per_element());
        fixture.second(count, sdk::Write::none);
        BOOST_TEST(copy(gradients) == once, boost::test_tools::per_element());
        fixture.second(count, sdk::Write::add);
        for (std::size_t i = 0; i < once.size(); ++i)
            BOOST_TEST(std::abs(gradients[i] - 2.0F * once[i]) <= 1e-5F * std::max(1.0F, std::abs(once[i])));
    });
}

// Products of bfloat16 are off by some 2^-9 each, those of second order are of float32: within 5 % of the exact sum's
// gradient, as a vector.
BOOST_AUTO_TEST_CASE(rounded_networks_have_nearly_the_same, *test::bfloat16_only()) {
    for (const auto function : functions) {
        Fixture exact({"", {32, 16}}, function);
        Fixture rounded({"", {32, 16}}, function);
        rounded.surroundings.services.asked_precision = sdk::Precision::bf16;
        DenseShape shape = rounded.network.shape();
        shape.precision = sdk::Precision::bf16;
        DenseNetwork network(shape);
        std::ranges::copy(exact.network.parameters().values, network.parameters().values.begin());
        network.weights_changed(sdk::Change::restore, rounded.surroundings.services);
        DensePass pass(network, rounded.surroundings.services, {{sdk::Mode::train, rows, tail, true, true, {}}});
        pass.forward(rounded.input.view(), {});
        pass.second_backward(rounded.seed.view(), rounded.direction.view(), sdk::Write::replace);
        exact.slope_sum(rows);
        exact.second(rows, sdk::Write::replace);
        double difference = 0.0;
        double size = 0.0;
        for (std::size_t i = 0; i < network.parameters().gradients.size(); ++i) {
            const double expected = static_cast<double>(exact.network.parameters().gradients[i]);
            const double found = static_cast<double>(network.parameters().gradients[i]);
            difference += (found - expected) * (found - expected);
            size += expected * expected;
        }
        BOOST_TEST(difference <= 0.05 * 0.05 * size);
        BOOST_TEST(size > 0.01);
    }
}

BOOST_AUTO_TEST_CASE(a_pass_without_parameter_gradients_has_none_of_second_order) {
    Fixture fixture(cases[1], functions[0]);
    DensePass pass(fixture.network, fixture.surroundings.services, {{sdk::Mode::sample, rows, 0, false, true, {}}});
    pass.forward(fixture.input.view(), fixture.streams);
    BOOST_CHECK_NO_THROW(pass.second_backward(fixture.seed.view(), fixture.direction.view(), sdk::Write::none));
    BOOST_CHECK_THROW(pass.second_backward(fixture.seed.view(), fixture.direction.view(), sdk::Write::add), sdk::Error);
}

BOOST_AUTO_TEST_CASE(a_number_of_rows_that_was_seen_before_allocates_nothing) {
    Fixture fixture(cases[4], functions[3]);
    const auto round = [&] {
        for (const std::size_t count : {rows, tail}) {
            fixture.slope_sum(count);
            fixture.second(count, sdk::Write::add);
        }
    };
    const std::size_t none = test::allocations();
    round();
    BOOST_TEST(test::allocations() > none);
    const std::size_t before = test::allocations();
    round();
    BOOST_TEST(test::allocations() == before);
}

BOOST_AUTO_TEST_SUITE_END()
