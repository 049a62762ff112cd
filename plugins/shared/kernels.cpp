// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <plugins/shared/bfloat16.hpp>
#include <plugins/shared/kernels.hpp>
#include <plugins/shared/multiversion.hpp>

namespace retort::plugin_support {

namespace {

/// e^x for |x| <= 87: 2^n times a polynomial (coefficients of Cephes' expf), relative error below 2e-7.
RETORT_INLINE float exponential(float x) {
    constexpr float round_to_integer = 12582912.0F;           // 1.5 * 2^23
    const float rounded = x * 1.44269504F + round_to_integer; // n stands in its last bits
    const float n = rounded - round_to_integer;
    const float rest = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * rest + 1.3981999507e-3F;
    p = p * rest + 8.3334519073e-3F;
    p = p * rest + 4.1665795894e-2F;
    p = p * rest + 1.6666665459e-1F;
    p = p * rest + 5.0000001201e-1F;
    const float value = p * rest * rest + rest + 1.0F;
    const std::uint32_t exponent =
        std::bit_cast<std::uint32_t>(rounded) - std::bit_cast<std::uint32_t>(round_to_integer);
    return value * std::bit_cast<float>((exponent + 127U) << 23U);
}

/// As Cephes' tanhf: a polynomial near 0, by the exponential elsewhere.
RETORT_INLINE float hyperbolic_tangent(float x) {
    const float magnitude = std::min(std::fabs(x), 10.0F); // 1 - tanh(10) < 2^-24
    const float square = magnitude * magnitude;
    float p = -5.70498872745e-3F;
    p = p * square + 2.06390887954e-2F;
    p = p * square - 5.37397155531e-2F;
    p = p * square + 1.33314422036e-1F;
    p = p * square - 3.33332819422e-1F;
    const float near = p * square * magnitude + magnitude;
    const float far = 1.0F - 2.0F / (exponential(2.0F * magnitude) + 1.0F);
    return std::copysign(magnitude < 0.625F ? near : far, x);
}

constexpr float gelu_scale = 0.797884560802865F; // sqrt(2 / pi)
constexpr float gelu_cubic = 0.044715F;

RETORT_INLINE float gelu_of(float x) {
    return 0.5F * x * (1.0F + hyperbolic_tangent(gelu_scale * (x + gelu_cubic * x * x * x)));
}

RETORT_INLINE float gelu_derivative(float x) {
    const float t = hyperbolic_tangent(gelu_scale * (x + gelu_cubic * x * x * x));
    return 0.5F * (1.0F + t) + 0.5F * x * (1.0F - t * t) * gelu_scale * (1.0F + 3.0F * gelu_cubic * x * x);
}

RETORT_INLINE float gelu_second_derivative(float x) {
    const float t = hyperbolic_tangent(gelu_scale * (x + gelu_cubic * x * x * x));
    const float slope = gelu_scale * (1.0F + 3.0F * gelu_cubic * x * x); // of the tangent's argument
    const float bend = 6.0F * gelu_scale * gelu_cubic * x;
    return (1.0F - t * t) * (slope + 0.5F * x * (bend - 2.0F * t * slope * slope));
}

RETORT_MULTIVERSION void add_loop(float *sum, const float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += values[i];
}

RETORT_MULTIVERSION void add_scaled_loop(float *sum, float factor, const float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += factor * values[i];
}

RETORT_MULTIVERSION void scale_loop(float factor, const float *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = factor * values[i];
}

RETORT_MULTIVERSION float dot_loop(const float *left, const float *right, std::size_t count) {
    constexpr std::size_t width = 16; // one sum alone could not be vectorised: that would change its order
    float sums[width] = {};
    const std::size_t whole = count / width * width;
    for (std::size_t i = 0; i < whole; i += width)
        for (std::size_t lane = 0; lane < width; ++lane)
            sums[lane] += left[i + lane] * right[i + lane];
    for (std::size_t i = whole; i < count; ++i)
        sums[i - whole] += left[i] * right[i];
    float result = 0.0F;
    for (const float sum : sums)
        result += sum;
    return result;
}

RETORT_MULTIVERSION void gelu_loop(const float *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = gelu_of(values[i]);
}

RETORT_MULTIVERSION void leaky_relu_gradient_loop(float slope, float *gradient, const float *output,
                                                  std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= output[i] > 0.0F ? 1.0F : slope;
}

RETORT_MULTIVERSION void rounded_relu_gradient_loop(float slope, float *gradient, const sdk::Bfloat16 *output,
                                                    std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= sdk::to_float(output[i]) > 0.0F ? 1.0F : slope;
}

RETORT_MULTIVERSION void tanh_gradient_loop(float factor, float *gradient, const float *output, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= 1.0F - (factor * output[i]) * (factor * output[i]);
}

RETORT_MULTIVERSION void gelu_gradient_loop(float *gradient, const float *input, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= gelu_derivative(input[i]);
}

RETORT_MULTIVERSION void tanh_bend_loop(float factor, float *gradient, const float *output, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float y = factor * output[i];
        gradient[i] *= -2.0F * y * (1.0F - y * y);
    }
}

RETORT_MULTIVERSION void gelu_bend_loop(float *gradient, const float *input, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= gelu_second_derivative(input[i]);
}

RETORT_MULTIVERSION void multiply_loop(float *product, const float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        product[i] *= values[i];
}

/// `body(first, widened)` for each part of `kept`, with the place where it begins.
template <class Body> void for_each_widened(std::span<const sdk::Bfloat16> kept, Body &&body) {
    float block[256];
    for (std::size_t first = 0; first < kept.size(); first += std::size(block)) {
        const std::span<float> widened(block, std::min(std::size(block), kept.size() - first));
        widen(kept.subspan(first, widened.size()), widened);
        body(first, widened);
    }
}

} // namespace

void add(std::span<float> sum, std::span<const float> values) {
    add_loop(sum.data(), values.data(), sum.size());
}

void add_scaled(std::span<float> sum, float factor, std::span<const float> values) {
    add_scaled_loop(sum.data(), factor, values.data(), sum.size());
}

void scale(float factor, std::span<const float> values, std::span<float> result) {
    scale_loop(factor, values.data(), result.data(), values.size());
}

void multiply(std::span<float> product, std::span<const float> values) {
    multiply_loop(product.data(), values.data(), product.size());
}

float dot(std::span<const float> left, std::span<const float> right) {
    return dot_loop(left.data(), right.data(), left.size());
}

void gelu(std::span<const float> values, std::span<float> result) {
    gelu_loop(values.data(), result.data(), values.size());
}

void multiply_by_derivative(ActivationFunction function, std::span<float> gradient, std::span<const float> kept,
                            float factor) {
    const float slope = function.kind == Activation::leaky_relu ? function.negative_slope : 0.0F;
    switch (function.kind) {
    case Activation::relu:
    case Activation::leaky_relu: return leaky_relu_gradient_loop(slope, gradient.data(), kept.data(), gradient.size());
    case Activation::tanh: return tanh_gradient_loop(factor, gradient.data(), kept.data(), gradient.size());
    case Activation::gelu: return gelu_gradient_loop(gradient.data(), kept.data(), gradient.size());
    }
}

void multiply_by_second_derivative(ActivationFunction function, std::span<float> gradient, std::span<const float> kept,
                                   float factor) {
    switch (function.kind) {
    case Activation::relu:
    case Activation::leaky_relu: return std::fill(gradient.begin(), gradient.end(), 0.0F);
    case Activation::tanh: return tanh_bend_loop(factor, gradient.data(), kept.data(), gradient.size());
    case Activation::gelu: return gelu_bend_loop(gradient.data(), kept.data(), gradient.size());
    }
}

void multiply_by_derivative(ActivationFunction function, std::span<float> gradient,
                            std::span<const sdk::Bfloat16> kept) {
    const float slope = function.kind == Activation::leaky_relu ? function.negative_slope : 0.0F;
    if (function.piecewise_linear())
        return rounded_relu_gradient_loop(slope, gradient.data(), kept.data(), gradient.size());
    for_each_widened(kept, [&](std::size_t first, std::span<const float> widened) {
        multiply_by_derivative(function, gradient.subspan(first, widened.size()), widened);
    });
}

void multiply_by_second_derivative(ActivationFunction function, std::span<float> gradient,
                                   std::span<const sdk::Bfloat16> kept) {
    for_each_widened(kept, [&](std::size_t first, std::span<const float> widened) {
        multiply_by_second_derivative(function, gradient.subspan(first, widened.size()), widened);
    });
}

} // namespace retort::plugin_support
