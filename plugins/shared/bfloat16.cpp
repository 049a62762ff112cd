// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cstddef>
#include <plugins/shared/bfloat16.hpp>
#include <plugins/shared/multiversion.hpp>

namespace retort::plugin_support {

namespace {

RETORT_MULTIVERSION void round_loop(const float *values, std::uint16_t *result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = std::bit_cast<std::uint32_t>(values[i]);
        const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U;
        const bool nan = (bits & 0x7fffffffU) > 0x7f800000U; // rounding could make an infinity of it
        result[i] = static_cast<std::uint16_t>(nan ? (bits >> 16U) | 0x40U : rounded);
    }
}

} // namespace

void round_to_bfloat16(std::span<const float> values, std::span<Bfloat16> result) {
    static_assert(sizeof(Bfloat16) == sizeof(std::uint16_t));
    round_loop(values.data(), &result.data()->bits, values.size());
}

} // namespace retort::plugin_support
