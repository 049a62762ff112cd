// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/bfloat16.hpp>

#include <cstddef>
#include <span>

namespace retort::plugin_support {

/// `result` = `values`, as sdk::to_bfloat16 rounds; numbers below 1.2e-38 may become 0. Same length.
void round_to_bfloat16(std::span<const float> values, std::span<sdk::Bfloat16> result);

/// `result` = `values`. Same length.
void widen(std::span<const sdk::Bfloat16> values, std::span<float> result);

/// The numbers of `values`, rows `columns` long and `stride` apart, with rows and columns exchanged: column c begins at
/// `result` + c * `result_stride`.
void transpose(const sdk::Bfloat16 *values, std::size_t rows, std::size_t columns, std::size_t stride,
               sdk::Bfloat16 *result, std::size_t result_stride);

} // namespace retort::plugin_support
