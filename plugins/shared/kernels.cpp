// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <plugins/shared/kernels.hpp>
#include <plugins/shared/multiversion.hpp>

#define RETORT_INLINE [[gnu::always_inline]] inline

namespace retort::plugin_support {

namespace {

/// e^x for |x| <= 87: 2^n times a polynomial (coefficients of Cephes' expf), relative error below 2e-7.
RETORT_INLINE float exponential(float x) {
    constexpr float round_to_integer = 12582912.0F; // 1.5 * 2^23
    const float n = (x * 1.44269504F + round_to_integer) - round_to_integer;
    const float rest = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * rest + 1.3981999507e-3F;
    p = p * rest + 8.3334519073e-3F;
    p = p * rest + 4.1665795894e-2F;
    p = p * rest + 1.6666665459e-1F;
    p = p * rest + 5.0000001201e-1F;
    const float value = p * rest * rest + rest + 1.0F;
    return value * std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23);
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

RETORT_INLINE float gelu(float x) {
    return 0.5F * x * (1.0F + hyperbolic_tangent(gelu_scale * (x + gelu_cubic * x * x * x)));
}

RETORT_INLINE float gelu_derivative(float x) {
    const float t = hyperbolic_tangent(gelu_scale * (x + gelu_cubic * x * x * x));
    return 0.5F * (1.0F + t) + 0.5F * x * (1.0F - t * t) * gelu_scale * (1.0F + 3.0F * gelu_cubic * x * x);
}

RETORT_MULTIVERSION void add_loop(float *sum, const float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += values[i];
}

RETORT_MULTIVERSION void leaky_relu_loop(float slope, const float *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = values[i] > 0.0F ? values[i] : slope * values[i];
}

RETORT_MULTIVERSION void tanh_loop(const float *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = hyperbolic_tangent(values[i]);
}

RETORT_MULTIVERSION void gelu_loop(const float *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = gelu(values[i]);
}

RETORT_MULTIVERSION void leaky_relu_gradient_loop(float slope, float *gradient, const float *output,
                                                  std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= output[i] > 0.0F ? 1.0F : slope;
}

RETORT_MULTIVERSION void tanh_gradient_loop(float factor, float *gradient, const float *output, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= 1.0F - (factor * output[i]) * (factor * output[i]);
}

RETORT_MULTIVERSION void gelu_gradient_loop(float *gradient, const float *input, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] *= gelu_derivative(input[i]);
}

constexpr std::size_t lanes = 32; // so many that the compiler keeps the loops over them, and vectorises these
constexpr std::size_t decisions = 8 * lanes;

using Lanes = std::array<std::uint32_t, lanes>;

/// Blocks of the stream side by side, number `first` and those after it: the numbers of sdk::Random::block, by
/// operations that vectorise.
RETORT_INLINE void random_blocks(sdk::Random random, std::uint64_t first, std::array<Lanes, 4> &x) {
    for (std::size_t i = 0; i < lanes; ++i) {
        x[0][i] = static_cast<std::uint32_t>(first + i);
        x[1][i] = static_cast<std::uint32_t>((first + i) >> 32);
        x[2][i] = 0;
        x[3][i] = 0;
    }
    auto key_low = static_cast<std::uint32_t>(random.key);
    auto key_high = static_cast<std::uint32_t>(random.key >> 32);
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const auto left_high = static_cast<std::uint32_t>((std::uint64_t{0xD2511F53} * x[0][i]) >> 32);
            const auto right_high = static_cast<std::uint32_t>((std::uint64_t{0xCD9E8D57} * x[2][i]) >> 32);
            const std::uint32_t left_low = 0xD2511F53U * x[0][i];
            const std::uint32_t right_low = 0xCD9E8D57U * x[2][i];
            x[0][i] = right_high ^ x[1][i] ^ key_low;
            x[1][i] = right_low;
            x[2][i] = left_high ^ x[3][i] ^ key_high;
            x[3][i] = left_low;
        }
        key_low += 0x9E3779B9;
        key_high += 0xBB67AE85;
    }
}

RETORT_MULTIVERSION void drop_loop(std::uint32_t threshold, float scale, sdk::Random random, const float *values,
                                   float *result, std::size_t count) {
    std::array<Lanes, 4> x;
    std::array<std::uint32_t, decisions> halves;
    for (std::size_t start = 0; start < count; start += decisions) {
        random_blocks(random, start / decisions * lanes, x);
        for (std::size_t word = 0; word < 4; ++word) {
            for (std::size_t i = 0; i < lanes; ++i) {
                halves[2 * word * lanes + i] = x[word][i] & 0xFFFFU;
                halves[(2 * word + 1) * lanes + i] = x[word][i] >> 16;
            }
        }
        const std::size_t here = std::min(decisions, count - start);
        for (std::size_t i = 0; i < here; ++i) {
            const float kept = values[start + i] * scale + 0.0F; // + 0 turns -0 into 0
            result[start + i] = halves[i] < threshold ? -0.0F : kept;
        }
    }
}

RETORT_MULTIVERSION void drop_gradient_loop(float scale, float *gradient, const float *dropped, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] = std::bit_cast<std::uint32_t>(dropped[i]) == 0x80000000U ? 0.0F : gradient[i] * scale;
}

RETORT_MULTIVERSION void add_scaled_loop(float scale, const float *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = values[i] + scale * result[i];
}

} // namespace

void add(std::span<float> sum, std::span<const float> values) {
    add_loop(sum.data(), values.data(), sum.size());
}

void activate(ActivationFunction function, std::span<const float> values, std::span<float> result) {
    const float slope = function.kind == Activation::leaky_relu ? function.negative_slope : 0.0F;
    switch (function.kind) {
    case Activation::relu:
    case Activation::leaky_relu: return leaky_relu_loop(slope, values.data(), result.data(), values.size());
    case Activation::tanh: return tanh_loop(values.data(), result.data(), values.size());
    case Activation::gelu: return gelu_loop(values.data(), result.data(), values.size());
    }
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

Dropout::Dropout(double rate)
    : threshold(static_cast<std::uint32_t>(std::lround(rate * 65536.0))),
      scale(static_cast<float>(65536.0 / (65536.0 - static_cast<double>(threshold)))) {}

void drop(const Dropout &dropout, sdk::Random random, std::span<const float> values, std::span<float> result) {
    drop_loop(dropout.threshold, dropout.scale, random, values.data(), result.data(), values.size());
}

void drop_gradient(const Dropout &dropout, std::span<float> gradient, std::span<const float> dropped) {
    drop_gradient_loop(dropout.scale, gradient.data(), dropped.data(), gradient.size());
}

void add_noise(float standard_deviation, sdk::Random random, std::span<const float> values, std::span<float> result) {
    sdk::fill_normal(random, result);
    add_scaled_loop(standard_deviation, values.data(), result.data(), values.size());
}

} // namespace retort::plugin_support
