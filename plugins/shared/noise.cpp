// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <plugins/shared/multiversion.hpp>
#include <plugins/shared/noise.hpp>

namespace retort::plugin_support {

namespace {

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

/// ln x for x in (0, 1]: as Cephes' logf.
RETORT_INLINE float logarithm(float x) {
    const auto bits = static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(x));
    const std::int32_t exponent = (bits - 0x3F3504F3) >> 23; // of x / sqrt(1/2)
    const float m = std::bit_cast<float>(bits - (exponent << 23)) - 1.0F;
    float p = 7.0376836292e-2F;
    p = p * m - 1.1514610310e-1F;
    p = p * m + 1.1676998740e-1F;
    p = p * m - 1.2420140846e-1F;
    p = p * m + 1.4249322787e-1F;
    p = p * m - 1.6668057665e-1F;
    p = p * m + 2.0000714765e-1F;
    p = p * m - 2.4999993993e-1F;
    p = p * m + 3.3333331174e-1F;
    const float square = m * m;
    return p * square * m - 0.5F * square + m + static_cast<float>(exponent) * 0.693147181F;
}

/// Two standard normal numbers from two words. The second word's upper 24 bits are an angle within +- pi / 4, where
/// short polynomials give its sine and cosine (Cephes' sinf, cosf); two lower bits choose one of the circle's quarters.
RETORT_INLINE void normal_pair(std::uint32_t radius_word, std::uint32_t angle_word, float &first, float &second) {
    const float uniform = static_cast<float>(static_cast<std::int32_t>(radius_word >> 8) + 1) * 0x1p-24F;
    const float radius = std::sqrt(-2.0F * logarithm(uniform));
    const float centred = static_cast<float>(static_cast<std::int32_t>(angle_word >> 8) - 0x800000) * 0x1p-23F;
    const float angle = centred * 0.785398163F;
    const float square = angle * angle;
    const float sine =
        ((-1.9515295891e-4F * square + 8.3321608736e-3F) * square - 1.6666654611e-1F) * square * angle + angle;
    const float cosine =
        ((2.4433157118e-5F * square - 1.3887316255e-3F) * square + 4.1666645683e-2F) * square * square - 0.5F * square +
        1.0F;
    const float near = radius * sine;
    const float far = (angle_word & 2U) != 0 ? -radius * cosine : radius * cosine;
    first = (angle_word & 1U) != 0 ? near : far;
    second = (angle_word & 1U) != 0 ? far : near;
}

constexpr std::size_t normals = 4 * lanes;

/// Number w * 32 + i of a chunk of 128 comes from block i of the chunk, from its first two words for w = 0 and 1.
RETORT_MULTIVERSION void add_noise_loop(float standard_deviation, sdk::Random random, const float *values,
                                        float *result, std::size_t count) {
    std::array<Lanes, 4> x;
    std::array<float, normals> z;
    for (std::size_t start = 0; start < count; start += normals) {
        random_blocks(random, start / normals * lanes, x);
        for (std::size_t i = 0; i < lanes; ++i)
            normal_pair(x[0][i], x[1][i], z[i], z[lanes + i]);
        for (std::size_t i = 0; i < lanes; ++i)
            normal_pair(x[2][i], x[3][i], z[2 * lanes + i], z[3 * lanes + i]);
        const std::size_t here = std::min(normals, count - start);
        for (std::size_t i = 0; i < here; ++i)
            result[start + i] = values[start + i] + standard_deviation * z[i];
    }
}

} // namespace

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
    add_noise_loop(standard_deviation, random, values.data(), result.data(), values.size());
}

} // namespace retort::plugin_support
