// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <plugins/shared/bfloat16.hpp>
#include <plugins/shared/multiversion.hpp>

namespace retort::plugin_support {

namespace {

RETORT_MULTIVERSION void round_loop(const float *values, sdk::Bfloat16 *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = sdk::to_bfloat16(values[i]);
}

RETORT_MULTIVERSION void widen_loop(const sdk::Bfloat16 *values, float *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        result[i] = sdk::to_float(values[i]);
}

} // namespace

void round_to_bfloat16(std::span<const float> values, std::span<sdk::Bfloat16> result) {
    round_loop(values.data(), result.data(), values.size());
}

void widen(std::span<const sdk::Bfloat16> values, std::span<float> result) {
    widen_loop(values.data(), result.data(), values.size());
}

} // namespace retort::plugin_support
