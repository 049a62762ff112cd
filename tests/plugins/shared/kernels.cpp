// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/kernels.hpp>
#include <string_view>
#include <vector>

using namespace retort;
using plugin_support::Activation;
using plugin_support::ActivationFunction;
using plugin_support::Dropout;

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

std::vector<float> dropped(double rate, sdk::Random random, const std::vector<float> &values) {
    std::vector<float> result(values.size());
    plugin_support::drop(Dropout(rate), random, values, result);
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_kernels)

BOOST_AUTO_TEST_CASE(activations) {
    const std::vector<float> x = abscissae();
    for (const ActivationFunction function : functions) {
        std::vector<float> y(x.size());
        plugin_support::activate(function, x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double expected = exact(function, static_cast<double>(x[i]));
            BOOST_TEST(std::abs(static_cast<double>(y[i]) - expected) <= 4e-7 * std::max(1.0, std::abs(expected)),
                       name(function.kind) << " of " << x[i] << " is " << y[i] << ", expected " << expected);
        }
    }
}

// Against central differences in double; the output is handed in scaled by 2, as dropout leaves it.
BOOST_AUTO_TEST_CASE(derivatives) {
    const std::vector<float> x = abscissae();
    for (const ActivationFunction function : functions) {
        const bool from_input = function.kind == Activation::gelu;
        std::vector<float> kept = x;
        if (!from_input) {
            plugin_support::activate(function, x, kept);
            plugin_support::add(kept, std::vector<float>(kept));
        }
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

BOOST_AUTO_TEST_CASE(dropout_keeps_the_mean) {
    const std::vector<float> ones(100'000, 1.0F);
    for (const double rate : {0.1, 0.2, 0.5, 0.9}) {
        const std::vector<float> result = dropped(rate, sdk::Random{7}, ones);
        double sum = 0.0;
        for (const float value : result) {
            sum += static_cast<double>(value);
            BOOST_TEST((std::signbit(value) ? value == 0.0F
                                            : std::abs(value - static_cast<float>(1.0 / (1.0 - rate))) < 1e-3F));
        }
        const double deviation = std::sqrt(rate / (1.0 - rate) / static_cast<double>(ones.size()));
        BOOST_TEST(std::abs(sum / static_cast<double>(ones.size()) - 1.0) < 4.0 * deviation + 1e-4, "rate " << rate);
    }
}

// Decision h * 32 + i of a chunk of 256 is half h of block i of the chunk, low half first.
BOOST_AUTO_TEST_CASE(dropout_draws_from_its_stream) {
    const sdk::Random random{11};
    const std::vector<float> result = dropped(0.3, random, std::vector<float>(600, 1.0F));
    const std::uint32_t threshold = Dropout(0.3).threshold;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::size_t half = i % 256 / 32;
        const std::uint32_t word = random.block(i / 256 * 32 + i % 32)[half / 2];
        const std::uint32_t bits = half % 2 == 0 ? word & 0xFFFFU : word >> 16;
        BOOST_TEST(std::signbit(result[i]) == (bits < threshold), "number " << i);
    }
}

BOOST_AUTO_TEST_CASE(dropout_marks_only_what_it_drops) {
    const std::vector<float> zeros(1000, -0.0F);
    const std::vector<float> result = dropped(0.5, sdk::Random{3}, zeros);
    const std::vector<float> mask = dropped(0.5, sdk::Random{3}, std::vector<float>(1000, 1.0F));
    std::vector<float> gradient(1000, 1.0F);
    plugin_support::drop_gradient(Dropout(0.5), gradient, result);
    for (std::size_t i = 0; i < result.size(); ++i)
        BOOST_TEST(gradient[i] == (mask[i] > 0.0F ? 2.0F : 0.0F));
}

BOOST_AUTO_TEST_CASE(dropout_may_be_off) {
    BOOST_TEST(!Dropout(0.0).active());
    BOOST_TEST(Dropout(0.0).scale == 1.0F);
    BOOST_TEST(Dropout(0.5).active());
}

BOOST_AUTO_TEST_CASE(noise_is_standard_normal) {
    const std::vector<float> values(100'001, 5.0F);
    std::vector<float> result(values.size());
    plugin_support::add_noise(0.5F, sdk::Random{5}, values, result);
    double moments[4] = {};
    for (const float value : result) {
        const double z = (static_cast<double>(value) - 5.0) / 0.5;
        for (int power = 1; power <= 4; ++power)
            moments[power - 1] += std::pow(z, power) / static_cast<double>(values.size());
    }
    const double deviation = 1.0 / std::sqrt(static_cast<double>(values.size()));
    BOOST_TEST(std::abs(moments[0]) < 4.0 * deviation);
    BOOST_TEST(std::abs(moments[1] - 1.0) < 4.0 * std::sqrt(2.0) * deviation);
    BOOST_TEST(std::abs(moments[2]) < 4.0 * std::sqrt(15.0) * deviation);
    BOOST_TEST(std::abs(moments[3] - 3.0) < 4.0 * std::sqrt(96.0) * deviation);
}

BOOST_AUTO_TEST_SUITE_END()
