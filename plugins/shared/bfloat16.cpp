// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <immintrin.h>
#include <plugins/shared/bfloat16.hpp>
#include <plugins/shared/multiversion.hpp>

namespace retort::plugin_support {

namespace {

RETORT_MULTIVERSION void round_loop(const float *values, sdk::Bfloat16 *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = sdk::to_bfloat16(values[i]);
}

/// The processor's own rounding, 16 numbers at a time; what is left goes by the loop. AVX512_BF16 takes tiny numbers
/// as 0.
__attribute__((target("avx512f,avx512bf16"))) void round_by_instruction(const float *values, sdk::Bfloat16 *result,
                                                                        std::size_t count) {
    constexpr std::size_t width = 16;
    std::size_t i = 0;
    for (; i + width <= count; i += width) {
        const __m256bh rounded = _mm512_cvtneps_pbh(_mm512_loadu_ps(values + i));
        std::memcpy(result + i, &rounded, sizeof(rounded));
    }
    round_loop(values + i, result + i, count - i);
}

/// Four rows at a time, whose numbers make one of 64 bits.
RETORT_MULTIVERSION void transpose_block(const sdk::Bfloat16 *values, std::size_t rows, std::size_t columns,
                                         std::size_t stride, sdk::Bfloat16 *result, std::size_t result_stride) {
    std::size_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        const sdk::Bfloat16 *const first = values + row * stride;
        for (std::size_t c = 0; c < columns; ++c) {
            std::uint64_t four = 0;
            for (std::size_t i = 0; i < 4; ++i)
                four |= static_cast<std::uint64_t>(first[i * stride + c].bits) << (16 * i);
            std::memcpy(result + c * result_stride + row, &four, sizeof(four));
        }
    }
    for (; row < rows; ++row)
        for (std::size_t c = 0; c < columns; ++c)
            result[c * result_stride + row] = values[row * stride + c];
}

RETORT_MULTIVERSION void widen_loop(const sdk::Bfloat16 *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = sdk::to_float(values[i]);
}

} // namespace

void round_to_bfloat16(std::span<const float> values, std::span<sdk::Bfloat16> result) {
    static const bool has_instruction = __builtin_cpu_supports("avx512bf16") != 0;
    (has_instruction ? round_by_instruction : round_loop)(values.data(), result.data(), values.size());
}

void transpose(const sdk::Bfloat16 *values, std::size_t rows, std::size_t columns, std::size_t stride,
               sdk::Bfloat16 *result, std::size_t result_stride) {
    constexpr std::size_t block = 64; // columns: what they become stays in the nearest cache until it is whole
    for (std::size_t first = 0; first < columns; first += block)
        transpose_block(values + first, rows, std::min(block, columns - first), stride, result + first * result_stride,
                        result_stride);
}

void widen(std::span<const sdk::Bfloat16> values, std::span<float> result) {
    widen_loop(values.data(), result.data(), values.size());
}

} // namespace retort::plugin_support
