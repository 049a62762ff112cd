// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace retort::sdk {

/// The upper half of a float32: 8 bits of exponent, 8 of precision. Storage only.
struct Bfloat16 {
    std::uint16_t bits;
};

/// `value` rounded to the nearest, ties to even; infinities stay, NaN stays some NaN. [any thread]
[[nodiscard]] constexpr Bfloat16 to_bfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U;
    const bool nan = (bits & 0x7fffffffU) > 0x7f800000U; // rounding could make an infinity of it
    return {static_cast<std::uint16_t>(nan ? (bits >> 16U) | 0x40U : rounded)};
}

/// Exactly. [any thread]
[[nodiscard]] constexpr float to_float(Bfloat16 value) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16U);
}

} // namespace retort::sdk
