// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <plugins/models/mlp/mlp.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_model_mlp)

using namespace retort;
using model_mlp::Mlp;
using plugin_support::Activation;
using sdk::ConstMatrix;
using sdk::Mode;
using sdk::Random;
using sdk::Write;

namespace {

constexpr std::size_t inputs = 6;
constexpr std::size_t classes = 3;
constexpr std::size_t rows = 5;
constexpr std::size_t tail = 3;

std::vector<float> copy(std::span<const float> values) {
    return {values.begin(), values.end()};
}

std::vector<float> copy(ConstMatrix matrix) {
    std::vector<float> result;
    for (std::size_t row = 0; row < matrix.rows; ++row)
        result.insert(result.end(), matrix.row(row).begin(), matrix.row(row).end());
    return result;
}

/// A model of 6 inputs and 3 classes whose biases are not zero, and a batch.
struct Fixture {
    explicit Fixture(const Mlp::Settings &settings) : model(settings, context()) {
        model.initialise(Random{3});
        for (const sdk::Parameter &entry : model.parameters().table)
            if (!entry.decays)
                sdk::fill_normal(Random{entry.offset}, model.parameters().values.subspan(entry.offset, entry.size));
    }

    sdk::ModelContext context() { return {surroundings.context(), inputs, {}, classes}; }

    std::unique_ptr<sdk::ModelPass> make_pass(Mode mode, std::vector<std::size_t> taps, bool parameters = true,
                                              bool input = true) {
        return model.make_pass({mode, rows, tail, parameters, input, taps});
    }

    sdk::Batch batch(std::size_t count, std::size_t first_row = 0) {
        return {x.view().slice(first_row, count), {}, {}, first_row};
    }

    test::Surroundings surroundings;
    Mlp model;
    sdk::MatrixBuffer x = test::normal_matrix(rows, inputs, Random{4});
};

Mlp::Settings settings(std::vector<std::size_t> hidden, Activation activation = Activation::relu) {
    Mlp::Settings made;
    made.hidden = std::move(hidden);
    made.activation = activation;
    made.negative_slope = 0.1;
    return made;
}

/// A loss that is linear in the taps it reads, sum of coefficients * taps, and its gradients.
struct LinearLoss {
    LinearLoss(const Mlp &model, std::vector<std::size_t> taps_read) : taps(std::move(taps_read)) {
        for (const std::size_t tap : taps)
            coefficients.push_back(
                test::normal_matrix(rows, model.taps()[tap].width, Random{20 + coefficients.size()}));
    }

    [[nodiscard]] double operator()(const sdk::ModelPass &pass) const {
        double sum = 0.0;
        for (std::size_t i = 0; i < taps.size(); ++i) {
            const ConstMatrix tap = pass.tap(taps[i]);
            for (std::size_t row = 0; row < tap.rows; ++row)
                for (std::size_t column = 0; column < tap.columns; ++column)
                    sum += static_cast<double>(tap.row(row)[column]) * coefficients[i].view().row(row)[column];
        }
        return sum;
    }

    [[nodiscard]] std::vector<sdk::TapGradient> gradients(std::size_t count) const {
        std::vector<sdk::TapGradient> result;
        for (std::size_t i = 0; i < taps.size(); ++i)
            result.push_back({taps[i], coefficients[i].view(count)});
        return result;
    }

    std::vector<std::size_t> taps;
    std::vector<sdk::MatrixBuffer> coefficients;
};

struct GradientCase {
    std::string name;
    Mlp::Settings settings;
    std::vector<std::size_t> taps;
    double dropout = 0.0;
    std::size_t count = rows;
};

std::vector<GradientCase> gradient_cases() {
    return {{"linear", settings({}), {0}},
            {"relu", settings({7, 4}), {2}},
            {"leaky_relu", settings({7, 4}, Activation::leaky_relu), {2}},
            {"tanh", settings({7, 4}, Activation::tanh), {2}},
            {"gelu", settings({7, 4}, Activation::gelu), {2}},
            {"hidden tap alone", settings({7, 4}, Activation::tanh), {0}},
            {"taps in the middle", settings({7, 4}, Activation::tanh), {0, 1, 2}},
            {"one tap twice", settings({7, 4}), {1, 1, 2}},
            {"relu, dropout in place", settings({7, 4}), {2}, 0.4},
            {"tanh, dropout in place", settings({7, 4}, Activation::tanh), {2}, 0.4},
            {"gelu, dropout in place", settings({7, 4}, Activation::gelu), {2}, 0.4},
            {"tanh, dropout behind taps", settings({7, 4}, Activation::tanh), {0, 1, 2}, 0.4},
            {"leaky_relu, dropout behind a tap", settings({7, 4}, Activation::leaky_relu), {1, 2}, 0.4},
            {"short last batch", settings({7, 4}, Activation::leaky_relu), {1, 2}, 0.4, tail}};
}

} // namespace

BOOST_AUTO_TEST_CASE(tells_its_taps_and_parameters) {
    Fixture fixture(settings({7, 4}));
    const auto taps = fixture.model.taps();
    BOOST_TEST_REQUIRE(taps.size() == 3U);
    BOOST_TEST(taps[0].name == "hidden.0");
    BOOST_TEST(taps[1].name == "hidden.1");
    BOOST_TEST(taps[1].width == 4U);
    BOOST_TEST(taps[2].name == "logits");
    BOOST_TEST(taps[2].width == classes);
    const auto table = fixture.model.parameters().table;
    BOOST_TEST_REQUIRE(table.size() == 6U);
    BOOST_TEST(table[2].name == "layers.1.weight");
    BOOST_TEST(table[2].shape[0] == 4U);
    BOOST_TEST(table[2].shape[1] == 7U);
    BOOST_TEST(table[5].name == "layers.2.bias");
}

// x = (1, -2), hidden = relu(W0 x + b0) = relu(1 - 4 + 0.5, -1 - 2 + 4) = (0, 1), logits = W1 (0, 1) + b1.
BOOST_AUTO_TEST_CASE(forward_by_hand) {
    test::Surroundings surroundings;
    Mlp model(settings({2}), {surroundings.context(), 2, {}, 2});
    const auto parameters = model.parameters();
    const std::vector<std::vector<float>> tensors{{1, 2, -1, 1}, {0.5F, 4}, {3, 5, -7, 2}, {0.25F, 0}};
    for (std::size_t i = 0; i < tensors.size(); ++i)
        std::copy(tensors[i].begin(), tensors[i].end(),
                  parameters.values.begin() + static_cast<std::ptrdiff_t>(parameters.table[i].offset));
    const std::size_t taps[] = {0, 1};
    const auto pass = model.make_pass({Mode::evaluate, 1, 0, false, false, taps});
    const float x[] = {1, -2};
    pass->forward({{x, 1, 2, 2}, {}, {}}, Random{});
    BOOST_TEST(copy(pass->tap(0)) == (std::vector<float>{0, 1}), boost::test_tools::per_element());
    BOOST_TEST(copy(pass->tap(1)) == (std::vector<float>{5.25F, 2}), boost::test_tools::per_element());
}

// Step 2e-3, small beside the distance to the kinks of relu; tolerance 2e-3: float32 sums of some ten terms are exact
// to 1e-6, which is 5e-4 of a step.
BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const GradientCase &item : gradient_cases()) {
        BOOST_TEST_CONTEXT(item.name) {
            Mlp::Settings made = item.settings;
            made.dropout = item.dropout;
            made.input_dropout = item.dropout / 2;
            Fixture fixture(made);
            const LinearLoss loss(fixture.model, item.taps);
            const auto pass = fixture.make_pass(Mode::train, item.taps);
            const auto evaluate = [&] {
                pass->forward(fixture.batch(item.count), Random{8});
                return loss(*pass);
            };
            evaluate();
            pass->backward(loss.gradients(item.count), Write::replace);
            const auto gradient = copy(fixture.model.parameters().gradients);
            const auto input_gradient = copy(pass->input_gradient());
            test::check_gradient(evaluate, fixture.model.parameters().values, gradient, 2e-3F, 2e-3);
            test::check_gradient(evaluate, {fixture.x.view().data, item.count * inputs}, input_gradient, 2e-3F, 2e-3);
        }
    }
}

BOOST_AUTO_TEST_CASE(replace_clears_what_no_gradient_reaches) {
    Fixture fixture(settings({7, 4}));
    const LinearLoss loss(fixture.model, {0});
    const auto pass = fixture.make_pass(Mode::train, {0, 2});
    const auto all = fixture.model.parameters();
    pass->forward(fixture.batch(rows), Random{});
    std::fill(all.gradients.begin(), all.gradients.end(), 9.0F);
    pass->backward(loss.gradients(rows), Write::replace);
    for (const sdk::Parameter &entry : all.table) {
        const auto part = all.gradients.subspan(entry.offset, entry.size);
        const auto zeros = static_cast<std::size_t>(std::count(part.begin(), part.end(), 0.0F));
        BOOST_TEST((zeros == entry.size) == (entry.name.substr(0, 8) != "layers.0"), entry.name);
    }
    pass->backward({}, Write::replace);
    BOOST_TEST(std::count(all.gradients.begin() + static_cast<std::ptrdiff_t>(all.table[0].offset),
                          all.gradients.begin() + 42, 0.0F) == 42);
    for (const float value : copy(pass->input_gradient()))
        BOOST_TEST(value == 0.0F);
}

BOOST_AUTO_TEST_CASE(evaluation_has_no_noise) {
    Mlp::Settings made = settings({7, 4});
    Fixture plain(made);
    made.dropout = 0.5;
    made.input_dropout = 0.2;
    Fixture noisy(made);
    const auto expected = plain.make_pass(Mode::train, {2});
    const auto pass = noisy.make_pass(Mode::evaluate, {2});
    expected->forward(plain.batch(rows), Random{1});
    pass->forward(noisy.batch(rows), Random{2});
    BOOST_TEST(copy(pass->tap(2)) == copy(expected->tap(2)), boost::test_tools::per_element());
}

double norm(std::span<const float> values) {
    double sum = 0.0;
    for (const float value : values)
        sum += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(sum);
}

// Hidden units alone, along their own direction, after a step alone; tolerance for one rounding of each weight.
BOOST_AUTO_TEST_CASE(incoming_weights_are_clipped_to_the_max_norm_after_a_step) {
    Mlp::Settings made = settings({7, 40});
    made.max_norm = 1.5;
    Fixture fixture(made);
    const sdk::Parameters all = fixture.model.parameters();
    for (float &value : all.values.subspan(all.table[4].offset, all.table[4].size))
        value *= 10.0F; // the output layer's, which are long then and stay so
    const auto before = copy(all.values);
    fixture.model.parameters_changed(sdk::Change::restore);
    BOOST_TEST(copy(all.values) == before, boost::test_tools::per_element());
    fixture.model.parameters_changed(sdk::Change::step);
    std::size_t clipped = 0;
    std::size_t units = 0;
    for (const sdk::Parameter &tensor : all.table) {
        const bool hidden = tensor.dimensions == 2 && tensor.name != "layers.2.weight";
        const std::size_t width = hidden ? tensor.shape[1] : tensor.size;
        for (std::size_t begin = tensor.offset; begin < tensor.offset + tensor.size; begin += width) {
            const std::span<const float> old = std::span<const float>(before).subspan(begin, width);
            const double length = norm(old);
            const double factor = hidden && length > 1.5 ? 1.5 / length : 1.0;
            units += hidden ? 1 : 0;
            clipped += factor < 1.0 ? 1 : 0;
            for (std::size_t i = 0; i < width; ++i)
                BOOST_TEST(std::abs(all.values[begin + i] - factor * static_cast<double>(old[i])) <= 1e-6, tensor.name);
        }
    }
    BOOST_TEST(clipped > 5U);
    BOOST_TEST(clipped < units);
}

BOOST_AUTO_TEST_CASE(any_norm_is_allowed_by_default) {
    Fixture fixture(settings({7, 4}));
    for (float &value : fixture.model.parameters().values)
        value *= 100.0F;
    const auto before = copy(fixture.model.parameters().values);
    fixture.model.parameters_changed(sdk::Change::step);
    BOOST_TEST(copy(fixture.model.parameters().values) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(inputs_may_have_gaps_between_rows) {
    Fixture fixture(settings({7}));
    const auto pass = fixture.make_pass(Mode::train, {1});
    pass->forward(fixture.batch(rows), Random{});
    const auto expected = copy(pass->tap(1));
    sdk::MatrixBuffer wide(rows, inputs + 3);
    for (std::size_t row = 0; row < rows; ++row)
        std::copy_n(fixture.x.view().row(row).begin(), inputs, wide.view().row(row).begin());
    pass->forward({{wide.view().data, rows, inputs, inputs + 3}, {}, {}}, Random{});
    BOOST_TEST(copy(pass->tap(1)) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_misuse) {
    Fixture fixture(settings({7, 4}));
    const LinearLoss loss(fixture.model, {2});
    const auto pass = fixture.make_pass(Mode::train, {2}, false);
    BOOST_CHECK_THROW(pass->forward(fixture.batch(rows - 1), Random{}), sdk::Error);
    pass->forward(fixture.batch(rows), Random{});
    BOOST_CHECK_THROW((void)pass->tap(0), sdk::Error);
    BOOST_CHECK_THROW(pass->backward(loss.gradients(rows), Write::replace), sdk::Error);
}

BOOST_AUTO_TEST_SUITE_END()
