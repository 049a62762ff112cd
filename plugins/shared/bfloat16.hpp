// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/bfloat16.hpp>

#include <span>

namespace retort::plugin_support {

/// `result` = `values`, as sdk::to_bfloat16 rounds. Same length.
void round_to_bfloat16(std::span<const float> values, std::span<sdk::Bfloat16> result);

/// `result` = `values`. Same length.
void widen(std::span<const sdk::Bfloat16> values, std::span<float> result);

} // namespace retort::plugin_support
