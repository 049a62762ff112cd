// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/dataset.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace retort::test {

/// Five training examples, which are numbers 7, 6, ..., 3 of eight, one of validation, number 0, and two to test.
class ReversedSource final : public sdk::Dataset {
  public:
    [[nodiscard]] std::size_t width() const override { return 1; }

    [[nodiscard]] std::size_t classes() const override { return 2; }

    [[nodiscard]] std::size_t size(sdk::Split split) const override {
        return split == sdk::Split::train ? 5 : split == sdk::Split::validation ? 1 : 2;
    }

    [[nodiscard]] std::size_t source_size(sdk::Split split) const override { return split == sdk::Split::test ? 2 : 8; }

    [[nodiscard]] std::uint64_t source_row(sdk::Split split, std::uint64_t row) const override {
        return split == sdk::Split::train ? 7 - row : row;
    }

    void load() override {}

    void read(sdk::Split, std::span<const std::uint64_t>, sdk::Matrix, std::span<std::int32_t>) const override {}
};

} // namespace retort::test
