// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace retort::plugin_support {

/// The upper half of a float32: 8 bits of exponent, 8 of precision. Storage only.
struct Bfloat16 {
    std::uint16_t bits;
};

/// `result` = `values`, rounded to the nearest, ties to even; infinities stay, NaN stays some NaN. Same length.
void round_to_bfloat16(std::span<const float> values, std::span<Bfloat16> result);

} // namespace retort::plugin_support
