// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/roles/dataset.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace retort::sdk::conformance {

/// 23 images of 4 by 4 for training, so that few batch sizes divide them, and 7 for validation. The label is the
/// brightest of the first three pixels. Whoever reads the test split is told that nobody may.
class StandInDataset final : public Dataset {
  public:
    [[nodiscard]] std::size_t width() const override { return 16; }

    [[nodiscard]] std::size_t classes() const override { return 3; }

    [[nodiscard]] std::size_t size(Split split) const override { return split == Split::train ? 23 : 7; }

    [[nodiscard]] ImageShape image_shape() const override { return {1, 4, 4, 0.0F}; }

    void load() override {}

    void read(Split split, std::span<const std::uint64_t> rows, Matrix inputs,
              std::span<std::int32_t> labels) const override {
        if (split == Split::test)
            throw Error(ErrorKind::plugin, "the test split was read; only the framework's final report may");
        const Random random = Random{99}.at(static_cast<std::uint64_t>(split));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const std::span<float> row = inputs.row(r);
            fill_uniform(random.at(rows[r]), row);
            if (!labels.empty())
                labels[r] = static_cast<std::int32_t>(std::max_element(row.begin(), row.begin() + 3) - row.begin());
        }
    }
};

} // namespace retort::sdk::conformance
