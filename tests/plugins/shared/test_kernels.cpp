// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/kernels.hpp>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_kernels)

using namespace retort;
using plugin_support::Activation;
using plugin_support::ActivationFunction;

namespace {

constexpr ActivationFunction functions[] = {
    {Activation::relu, 0.3F}, {Activation::leaky_relu, 0.3F}, {Activation::tanh}, {Activation::gelu}};

std::string_view name(Activation kind) {
    return plugin_support::names_of(kind)[static_cast<std::size_t>(kind)];
}

double exact(ActivationFunction function, double x) {
    switch (function.kind) {
    case Activation::relu: return x > 0.0 ? x : 0.0;
    case Activation::leaky_relu: return x > 0.0 ? x : static_cast<double>(function.negative_slope) * x;
    case Activation::tanh: return std::tanh(x);
    case Activation::gelu:
        return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
    }
    return 0.0;
}

/// From -12 to 12 in steps of 0.024 without 0, then far values.
std::vector<float> abscissae() {
    std::vector<float> result;
    for (int i = 0; i < 1000; ++i)
        result.push_back(0.024F * (static_cast<float>(i) - 499.5F));
    result.insert(result.end(), {-1e4F, -80.0F, 80.0F, 1e4F, 1e-6F, -1e-6F});
    return result;
}

} // namespace

// Whole numbers up to 2^24 are exact, whatever the order of the sum; the lengths leave remainders of every vector.
BOOST_AUTO_TEST_CASE(sums_and_products_of_vectors_of_any_length) {
    for (std::size_t count = 0; count <= 67; ++count) {
        std::vector<float> left, right;
        float expected = 0.0F;
        for (std::size_t i = 0; i < count; ++i) {
            left.push_back(static_cast<float>(i) - 20.0F);
            right.push_back(static_cast<float>(i % 7) - 2.0F);
            expected += left[i] * right[i];
        }
        BOOST_TEST(plugin_support::dot(left, right) == expected);
        std::vector<float> sum = left, scaled = left;
        plugin_support::add_scaled(sum, 3.0F, right);
        plugin_support::scale(-0.5F, scaled, scaled);
        for (std::size_t i = 0; i < count; ++i) {
            BOOST_TEST(sum[i] == left[i] + 3.0F * right[i]);
            BOOST_TEST(scaled[i] == -0.5F * left[i]);
        }
    }
}

BOOST_AUTO_TEST_CASE(gelu) {
    const std::vector<float> x = abscissae();
    std::vector<float> y(x.size());
    plugin_support::gelu(x, y);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = exact({Activation::gelu}, static_cast<double>(x[i]));
        BOOST_TEST(std::abs(static_cast<double>(y[i]) - expected) <= 4e-7 * std::max(1.0, std::abs(expected)),
                   "gelu of " << x[i] << " is " << y[i] << ", expected " << expected);
    }
}

// Against central differences in double; the output is handed in scaled by 2, as dropout leaves it.
BOOST_AUTO_TEST_CASE(derivatives) {
    const std::vector<float> x = abscissae();
    for (const ActivationFunction function : functions) {
        const bool from_input = function.kind == Activation::gelu;
        std::vector<float> kept = x;
        if (!from_input)
            std::transform(x.begin(), x.end(), kept.begin(), [&](float value) {
                return static_cast<float>(2.0 * exact(function, static_cast<double>(value)));
            });
        std::vector<float> gradient(x.size(), 3.0F);
        plugin_support::multiply_by_derivative(function, gradient, kept, from_input ? 1.0F : 0.5F);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double at = static_cast<double>(x[i]);
            const double step = 1e-7 * std::max(1.0, std::abs(at));
            const double expected = 3.0 * (exact(function, at + step) - exact(function, at - step)) / (2.0 * step);
            BOOST_TEST(std::abs(static_cast<double>(gradient[i]) - expected) <= 1e-5,
                       name(function.kind) << " at " << x[i] << ": " << gradient[i] << ", expected " << expected);
        }
    }
}

// Against second differences in double, with steps of 1e-3: errors of some 1e-6.
BOOST_AUTO_TEST_CASE(second_derivatives) {
    const std::vector<float> x = abscissae();
    for (const ActivationFunction function : functions) {
        const bool from_input = function.kind == Activation::gelu;
        std::vector<float> kept = x;
        if (!from_input)
            std::transform(x.begin(), x.end(), kept.begin(), [&](float value) {
                return static_cast<float>(2.0 * exact(function, static_cast<double>(value)));
            });
        std::vector<float> gradient(x.size(), 3.0F);
        plugin_support::multiply_by_second_derivative(function, gradient, kept, from_input ? 1.0F : 0.5F);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double at = static_cast<double>(x[i]);
            const double step = 1e-3;
            const bool smooth = !function.piecewise_linear() && std::abs(at) < 100.0;
            const double bend = exact(function, at + step) - 2.0 * exact(function, at) + exact(function, at - step);
            const double expected = smooth ? 3.0 * bend / (step * step) : 0.0;
            BOOST_TEST(std::abs(static_cast<double>(gradient[i]) - expected) <= 2e-5,
                       name(function.kind) << " at " << x[i] << ": " << gradient[i] << ", expected " << expected);
        }
    }
}

// 1006 of them, so that the last block of what is widened is not full.
BOOST_AUTO_TEST_CASE(derivatives_by_rounded_outputs_are_those_by_the_same_outputs_as_floats) {
    for (const ActivationFunction function : functions) {
        std::vector<float> outputs = abscissae();
        std::vector<sdk::Bfloat16> rounded(outputs.size());
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            rounded[i] = sdk::to_bfloat16(outputs[i]);
            outputs[i] = sdk::to_float(rounded[i]);
        }
        std::vector<float> by_float(outputs.size(), 1.5F), by_rounded = by_float;
        plugin_support::multiply_by_derivative(function, by_float, outputs);
        plugin_support::multiply_by_derivative(function, by_rounded, rounded);
        BOOST_TEST(by_rounded == by_float, name(function.kind));
        plugin_support::multiply_by_second_derivative(function, by_float, outputs);
        plugin_support::multiply_by_second_derivative(function, by_rounded, rounded);
        BOOST_TEST(by_rounded == by_float, name(function.kind));
    }
}

BOOST_AUTO_TEST_CASE(products_element_by_element) {
    std::vector<float> product{1.0F, -2.0F, 3.0F};
    plugin_support::multiply(product, std::vector<float>{2.0F, 0.5F, -1.0F});
    BOOST_TEST(product == (std::vector<float>{2.0F, -1.0F, -3.0F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
