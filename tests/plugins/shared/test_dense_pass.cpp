// SPDX-License-Identifier: Apache-2.0
#include "bfloat16_only.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <plugins/shared/dense_pass.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_dense_pass)

using namespace retort;
using plugin_support::DenseNetwork;
using plugin_support::DensePass;
using plugin_support::DensePassSpec;
using plugin_support::DenseShape;
using plugin_support::LayerGradient;

namespace {

DenseShape shape(std::size_t input_width, std::vector<std::size_t> hidden, std::size_t output_width) {
    DenseShape made;
    made.input_width = input_width;
    made.hidden = std::move(hidden);
    made.output_width = output_width;
    return made;
}

/// Layer outputs and parameter gradients of a relu network for the loss <coefficients, output>, by plain loops in
/// double.
struct Reference {
    using Rows = std::vector<std::vector<double>>;

    Reference(const DenseNetwork &network, sdk::ConstMatrix input, sdk::ConstMatrix coefficients) {
        Rows layer_input = rows(input);
        for (std::size_t layer = 0; layer < network.layers(); ++layer) {
            inputs.push_back(layer_input);
            layer_input = forward(network, layer, layer_input);
        }
        output = layer_input;
        Rows gradient = rows(coefficients);
        weight_gradients.resize(network.layers());
        for (std::size_t layer = network.layers(); layer-- > 0;)
            gradient = backward(network, layer, gradient);
    }

    static Rows rows(sdk::ConstMatrix matrix) {
        Rows result;
        for (std::size_t row = 0; row < matrix.rows; ++row)
            result.emplace_back(matrix.row(row).begin(), matrix.row(row).end());
        return result;
    }

    static Rows forward(const DenseNetwork &network, std::size_t layer, const Rows &input) {
        Rows result;
        const std::size_t in = network.input_width(layer);
        for (const std::vector<double> &x : input) {
            std::vector<double> y(network.bias(layer).begin(), network.bias(layer).end());
            for (std::size_t unit = 0; unit < y.size(); ++unit) {
                for (std::size_t i = 0; i < in; ++i)
                    y[unit] += static_cast<double>(network.weight(layer)[unit * in + i]) * x[i];
                y[unit] = network.hidden(layer) ? std::max(0.0, y[unit]) : y[unit];
            }
            result.push_back(y);
        }
        return result;
    }

    Rows backward(const DenseNetwork &network, std::size_t layer, const Rows &gradient) {
        const std::size_t in = network.input_width(layer);
        Rows below(gradient.size(), std::vector<double>(in));
        weight_gradients[layer].assign(network.weight(layer).size(), 0.0);
        for (std::size_t row = 0; row < gradient.size(); ++row)
            for (std::size_t unit = 0; unit < gradient[row].size(); ++unit)
                for (std::size_t i = 0; i < in; ++i) {
                    const double x = inputs[layer][row][i];
                    weight_gradients[layer][unit * in + i] += gradient[row][unit] * x;
                    if (layer == 0 || x > 0.0)
                        below[row][i] +=
                            gradient[row][unit] * static_cast<double>(network.weight(layer)[unit * in + i]);
                }
        return below;
    }

    std::vector<Rows> inputs;
    Rows output;
    std::vector<std::vector<double>> weight_gradients;
};

void check_near(std::span<const float> found, const std::vector<double> &expected, double tolerance) {
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        BOOST_TEST(std::abs(static_cast<double>(found[i]) - expected[i]) <=
                   tolerance * std::max(1.0, std::abs(expected[i])));
}

} // namespace

// Odd widths, larger than the blocks of oneDNN; tolerance 1e-4 for float32 sums of up to 130 terms.
BOOST_AUTO_TEST_CASE(agrees_with_plain_loops) {
    test::Surroundings surroundings;
    for (const std::vector<std::size_t> &hidden : {std::vector<std::size_t>{}, {1}, {67}, {130, 33}}) {
        for (const std::size_t rows : {1U, 19U, 65U}) {
            BOOST_TEST_CONTEXT(hidden.size() << " hidden layers, " << rows << " rows") {
                DenseNetwork network(shape(45, hidden, 11));
                network.initialise(sdk::Random{1});
                const auto input = test::normal_matrix(rows, 45, sdk::Random{2});
                const auto coefficients = test::normal_matrix(rows, 11, sdk::Random{3});
                const Reference reference(network, input.view(), coefficients.view());
                DensePass pass(network, surroundings.services, {{sdk::Mode::train, rows, 0, true, false, {}}});
                pass.forward(input.view(), {});
                const std::size_t last = network.layers() - 1;
                const LayerGradient gradient{last, coefficients.view()};
                pass.backward({&gradient, 1}, sdk::Write::replace);
                for (std::size_t row = 0; row < rows; ++row)
                    check_near(pass.output(last).row(row), reference.output[row], 1e-4);
                for (std::size_t layer = 0; layer <= last; ++layer)
                    check_near(network.weight_gradient(layer), reference.weight_gradients[layer], 1e-4);
            }
        }
    }
}

// With offset columns, a row of the offset stands for W_offset c + b: here c = (2), W_offset = last column.
BOOST_AUTO_TEST_CASE(offset_stands_for_trailing_columns) {
    test::Surroundings surroundings;
    DenseNetwork network(shape(4, {5}, 2));
    network.initialise(sdk::Random{1});
    const auto input = test::normal_matrix(6, 4, sdk::Random{2});
    sdk::MatrixBuffer offset(3, 5);
    for (std::size_t row = 0; row < 6; ++row)
        input.view().row(row)[3] = static_cast<float>(row % 3);
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t unit = 0; unit < 5; ++unit)
            offset.view().row(row)[unit] =
                network.bias(0)[unit] + static_cast<float>(row) * network.weight(0)[unit * 4 + 3];
    const auto coefficients = test::normal_matrix(6, 2, sdk::Random{3});
    const LayerGradient gradient{1, coefficients.view()};

    DensePass whole(network, surroundings.services, {{sdk::Mode::train, 6, 0, true, true, {}}});
    whole.forward(input.view(), {});
    whole.backward({&gradient, 1}, sdk::Write::replace);
    const std::vector<float> expected(network.weight_gradient(0).begin(), network.weight_gradient(0).end());

    DensePass pass(network, surroundings.services, {{sdk::Mode::train, 6, 0, true, true, {}}, 1});
    pass.forward({input.view().data, 6, 3, 4}, {}, offset.view());
    pass.backward({&gradient, 1}, sdk::Write::replace);
    for (std::size_t row = 0; row < 6; ++row) {
        for (std::size_t i = 0; i < 2; ++i)
            BOOST_TEST(std::abs(pass.output(1).row(row)[i] - whole.output(1).row(row)[i]) < 1e-5F);
        for (std::size_t i = 0; i < 3; ++i)
            BOOST_TEST(std::abs(pass.input_gradient().row(row)[i] - whole.input_gradient().row(row)[i]) < 1e-5F);
        for (std::size_t i = 0; i < 5; ++i)
            BOOST_TEST(std::abs(pass.first_gradient().row(row)[i] - whole.first_gradient().row(row)[i]) < 1e-5F);
    }
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST(std::abs(network.weight_gradient(0)[i] - expected[i]) < 1e-5F);
}

/// A network of two hidden layers, its pass, and one forward and backward, with products of either precision.
struct Trained {
    Trained(sdk::Precision precision, plugin_support::Activation activation)
        : network(rounding(precision, activation)) {
        network.initialise(sdk::Random{1});
        network.weights_changed(sdk::Change::restore, surroundings.services);
        pass.emplace(network, surroundings.services, DensePassSpec{{sdk::Mode::train, 65, 19, true, true, {}}});
        run();
    }

    static DenseShape rounding(sdk::Precision precision, plugin_support::Activation activation) {
        DenseShape made = shape(45, {130, 33}, 11);
        made.activation = {activation};
        made.precision = precision;
        return made;
    }

    void run(std::size_t rows = 65) {
        const LayerGradient gradient{2, {coefficients.view().data, rows, 11, 11}};
        pass->forward(input.view(rows), {});
        pass->backward({&gradient, 1}, sdk::Write::replace);
    }

    test::Surroundings surroundings;
    DenseNetwork network;
    sdk::MatrixBuffer input = test::normal_matrix(65, 45, sdk::Random{2});
    sdk::MatrixBuffer coefficients = test::normal_matrix(65, 11, sdk::Random{3});
    std::optional<DensePass> pass;
};

/// |a - b| / |b|.
double distance(std::span<const float> a, std::span<const float> b) {
    double difference = 0.0;
    double size = 0.0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
        size += std::pow(static_cast<double>(b[i]), 2);
    }
    return std::sqrt(difference / size);
}

std::span<const float> all(sdk::ConstMatrix matrix) {
    return {matrix.data, matrix.rows * matrix.columns};
}

// Each operand is off by up to 2^-8 of itself, so that sums are off by about 2^-9; six roundings one after another.
// tanh, because a relu whose input changes its sign by rounding has another gradient altogether.
BOOST_AUTO_TEST_CASE(products_of_bfloat16_are_near_those_of_float32_and_not_the_same, *test::bfloat16_only()) {
    Trained exact(sdk::Precision::f32, plugin_support::Activation::tanh);
    Trained rounded(sdk::Precision::bf16, plugin_support::Activation::tanh);
    for (const std::size_t rows : {65U, 19U}) {
        exact.run(rows);
        rounded.run(rows);
        const auto near = [](std::span<const float> found, std::span<const float> expected) {
            const double off = distance(found, expected);
            BOOST_TEST((off > 1e-5 && off < 0.02), off);
        };
        near(all(rounded.pass->output(2)), all(exact.pass->output(2)));
        near(all(rounded.pass->input_gradient()), all(exact.pass->input_gradient()));
        for (std::size_t layer = 0; layer < 3; ++layer)
            near(rounded.network.weight_gradient(layer), exact.network.weight_gradient(layer));
        for (std::size_t layer = 0; layer < 2; ++layer)
            near(rounded.network.bias_gradient(layer), exact.network.bias_gradient(layer));
    }
}

// Full batches of what is only evaluated are multiplied by packed copies of the weights, the tail by the weights
// themselves: both agree with a pass for training, and follow once weights changed, as a trainer and an optimizer that
// rounds them tell it.
BOOST_AUTO_TEST_CASE(packed_weights_follow_when_they_are_told_to) {
    test::Surroundings asking;
    asking.services.asked_precision = sdk::Precision::bf16;
    for (const sdk::Precision precision : {sdk::Precision::f32, plugin_support::usable_precision(asking.services)}) {
        Trained trained(precision, plugin_support::Activation::relu);
        DensePass pass(trained.network, trained.surroundings.services,
                       {{sdk::Mode::evaluate, 65, 19, false, false, {}}});
        // Sums of float32 in another order; then now and then a hidden unit is rounded to the other side.
        const double same = precision == sdk::Precision::f32 ? 1e-5 : 1e-3;
        const auto check = [&] {
            for (const std::size_t rows : {65U, 19U}) {
                trained.run(rows);
                pass.forward(trained.input.view(rows), {});
                BOOST_TEST(distance(all(pass.output(2)), all(trained.pass->output(2))) < same);
            }
        };
        check();
        const sdk::Parameters parameters = trained.network.parameters();
        for (const sdk::Change change : {sdk::Change::restore, sdk::Change::step}) {
            pass.forward(trained.input.view(), {});
            const std::vector<float> before(all(pass.output(2)).begin(), all(pass.output(2)).end());
            for (std::size_t layer = 0; layer < 3; ++layer)
                std::ranges::for_each(trained.network.weight(layer), [](float &value) { value *= 2.0F; });
            pass.forward(trained.input.view(), {});
            BOOST_TEST(distance(all(pass.output(2)), before) == 0.0); // not told yet
            if (change == sdk::Change::step && parameters.rounded != nullptr) {
                plugin_support::round_to_bfloat16(parameters.values, parameters.rounded->values);
                parameters.rounded->current = true;
            }
            trained.network.weights_changed(change, trained.surroundings.services);
            pass.forward(trained.input.view(), {});
            BOOST_TEST(distance(all(pass.output(2)), before) > 1.0);
            check();
        }
    }
}

// Sums of float32 are added up in another order where threads share the terms or the rows, or oneDNN multiplies slices
// otherwise; then now and then a number is rounded to the other side.
BOOST_AUTO_TEST_CASE(threads_that_keep_to_their_rows_compute_the_same) {
    test::Surroundings asking;
    asking.services.asked_precision = sdk::Precision::bf16;
    const sdk::Precision rounded = plugin_support::usable_precision(asking.services);
    const auto check = [](sdk::Precision precision, std::size_t rows, std::size_t more_loops) {
        const double same = precision == sdk::Precision::f32 ? 1e-6 : 1e-3;
        std::vector<std::vector<float>> found;
        std::vector<std::size_t> loops;
        for (const std::size_t threads : {1U, 2U, 3U}) {
            test::Surroundings surroundings;
            surroundings.services.parts = threads;
            DenseShape wide = shape(350, {400, 410}, 11);
            wide.precision = precision;
            DenseNetwork network(wide);
            network.initialise(sdk::Random{1});
            network.weights_changed(sdk::Change::restore, surroundings.services);
            DensePass pass(network, surroundings.services, {{sdk::Mode::train, rows, 0, true, false, {}}});
            const sdk::MatrixBuffer input = test::normal_matrix(rows, 350, sdk::Random{2});
            const sdk::MatrixBuffer coefficients = test::normal_matrix(rows, 11, sdk::Random{3});
            surroundings.services.loops = 0;
            pass.forward(input.view(), {});
            const LayerGradient gradient{2, coefficients.view()};
            pass.backward({&gradient, 1}, sdk::Write::replace);
            loops.push_back(surroundings.services.loops);
            std::vector<float> &values = found.emplace_back(all(pass.output(2)).begin(), all(pass.output(2)).end());
            const std::span<const float> gradients = network.parameters().gradients;
            values.insert(values.end(), gradients.begin(), gradients.end());
        }
        for (const std::size_t other : {1U, 2U}) {
            BOOST_TEST(distance(found[other], found[0]) < same);
            BOOST_TEST(loops[other] >= loops[0] + more_loops);
        }
    };
    for (const sdk::Precision precision : {sdk::Precision::f32, rounded}) {
        check(precision, 16, 6); // of the weights: products of both hidden layers, of the input's gradient, and its sum
        check(precision, 512, 5); // of the batch, where it is larger than the weights: the same products
    }
}

// Parts of a full batch and of a tail, neither a multiple of what parts begin at; wide layers have few rows for each.
// The biases' gradients are sums over the parts, beside one thread's: written, then added to.
BOOST_AUTO_TEST_CASE(biases_have_the_gradients_of_all_parts) {
    test::Surroundings asking;
    asking.services.asked_precision = sdk::Precision::bf16;
    for (const sdk::Precision precision : {sdk::Precision::f32, plugin_support::usable_precision(asking.services)})
        for (const std::size_t width : {400U, 2000U}) {
            std::vector<std::vector<float>> found;
            for (const std::size_t threads : {1U, 2U, 3U}) {
                test::Surroundings surroundings;
                surroundings.services.parts = threads;
                DenseShape wide = shape(20, {width, 30}, 11);
                wide.precision = precision;
                DenseNetwork network(wide);
                network.initialise(sdk::Random{1});
                network.weights_changed(sdk::Change::restore, surroundings.services);
                DensePass pass(network, surroundings.services, {{sdk::Mode::train, 250, 101, true, true, {}}});
                const sdk::MatrixBuffer input = test::normal_matrix(250, 20, sdk::Random{2});
                const sdk::MatrixBuffer coefficients = test::normal_matrix(250, 11, sdk::Random{3});
                std::vector<float> &values = found.emplace_back();
                for (const std::size_t rows : {250U, 101U}) {
                    const LayerGradient gradient{2, coefficients.view(rows)};
                    pass.forward(input.view(rows), {});
                    pass.backward({&gradient, 1}, sdk::Write::replace);
                    const std::span<const float> bias = network.bias_gradient(0);
                    const std::vector<float> once(bias.begin(), bias.end());
                    const std::vector<float> weights(network.weight_gradient(0).begin(),
                                                     network.weight_gradient(0).end());
                    pass.backward({&gradient, 1}, sdk::Write::none);
                    BOOST_TEST(distance(bias, once) == 0.0);
                    pass.backward({&gradient, 1}, sdk::Write::add);
                    std::vector<float> twice = once;
                    std::ranges::for_each(twice, [](float &value) { value *= 2.0F; });
                    BOOST_TEST(distance(bias, twice) < 1e-6);
                    values.insert(values.end(), once.begin(), once.end());
                    values.insert(values.end(), weights.begin(), weights.end());
                }
            }
            for (const std::size_t other : {1U, 2U})
                BOOST_TEST(distance(found[other], found[0]) < (precision == sdk::Precision::f32 ? 1e-6 : 1e-3));
        }
}

BOOST_AUTO_TEST_CASE(rounded_weights_follow_when_they_are_told_to, *test::bfloat16_only()) {
    for (const std::size_t parts : {1U, 3U}) {
        Trained rounded(sdk::Precision::bf16, plugin_support::Activation::relu);
        rounded.surroundings.services.parts = parts;
        const auto values = rounded.network.parameters().values;
        const std::vector<float> before(all(rounded.pass->output(2)).begin(), all(rounded.pass->output(2)).end());
        std::ranges::for_each(values, [](float &value) { value *= 2.0F; });
        for (std::size_t layer = 0; layer < 3; ++layer)
            std::ranges::fill(rounded.network.bias(layer), 0.0F);
        rounded.run();
        BOOST_TEST(distance(all(rounded.pass->output(2)), before) == 0.0);
        rounded.network.parameters().rounded->current = true; // which is not true, and believed
        rounded.network.weights_changed(sdk::Change::step, rounded.surroundings.services);
        rounded.run();
        BOOST_TEST(distance(all(rounded.pass->output(2)), before) == 0.0);
        rounded.network.parameters().rounded->current = true;
        rounded.network.weights_changed(sdk::Change::restore, rounded.surroundings.services); // not believed
        rounded.network.weights_changed(sdk::Change::step, rounded.surroundings.services);    // nor twice
        rounded.run();
        for (std::size_t i = 0; i < before.size(); ++i) // relu: eight times, to the bit
            BOOST_TEST(all(rounded.pass->output(2))[i] == 8.0F * before[i]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
