// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace retort::sdk {

/// The label of an example that has none. Losses and conditions on labels skip such rows.
inline constexpr std::int32_t unlabelled = -1;

enum class Split { train, validation, test };

[[nodiscard]] constexpr std::string_view name_of(Split split) {
    constexpr std::string_view names[] = {"train", "validation", "test"};
    return names[static_cast<std::size_t>(split)];
}

/// One mini-batch: rows of inputs, and row for row their labels and where they came from. A view; the trainer owns it.
struct Batch {
    ConstMatrix inputs = {};                   ///< [rows, input width]; empty where only labels are known
    std::span<const std::int32_t> labels = {}; ///< class 0..classes-1 or `unlabelled`; empty where not wanted
    std::span<const std::uint64_t> ids = {};   ///< row number in the data split; empty when the inputs were augmented
    std::size_t first_row = 0;  ///< index of row 0 in the batch of all replicas, or in a split that is read in order:
                                ///< random streams count from here
    Split split = Split::train; ///< that `ids` are of
};

} // namespace retort::sdk
