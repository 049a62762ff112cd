// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace retort::sdk {

/// The label of an example that has none. Losses and conditions on labels skip such rows.
inline constexpr std::int32_t unlabelled = -1;

/// One mini-batch: rows of inputs, and row for row their labels and where they came from. A view; the trainer owns it.
struct Batch {
    ConstMatrix inputs = {};                   ///< [rows, input width]; empty where only labels are known
    std::span<const std::int32_t> labels = {}; ///< class 0..classes-1 or `unlabelled`; empty where not wanted
    std::span<const std::uint64_t> ids = {};   ///< row number in the data split; empty when the inputs were augmented
    std::size_t first_row = 0; ///< index of row 0 in the batch of all replicas: random streams count from here
};

} // namespace retort::sdk
