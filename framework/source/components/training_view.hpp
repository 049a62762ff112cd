// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/guard.hpp"

#include <retort/sdk/roles/dataset.hpp>

#include <string>
#include <utility>

namespace retort::framework {

/// A dataset as trainers see it: whoever reads its test split is told off, and what reading throws is the dataset's and
/// not the trainer's. [any thread]
class TrainingView final : public sdk::Dataset {
  public:
    /// `dataset` must outlive the view.
    TrainingView(std::string name, const sdk::Dataset &dataset, Origin origin = {})
        : name_(std::move(name)), dataset_(dataset), origin_(std::move(origin)) {}

    [[nodiscard]] std::size_t width() const override { return dataset_.width(); }

    [[nodiscard]] std::size_t classes() const override { return dataset_.classes(); }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return dataset_.size(split); }

    [[nodiscard]] sdk::ImageShape image_shape() const override { return dataset_.image_shape(); }

    [[nodiscard]] std::size_t source_size(sdk::Split split) const override { return dataset_.source_size(split); }

    [[nodiscard]] std::uint64_t source_row(sdk::Split split, std::uint64_t row) const override {
        return guarded(origin_, [&] { return dataset_.source_row(split, row); });
    }

    void load() override {
        throw sdk::Error(sdk::ErrorKind::plugin, "dataset '" + name_ + "' is loaded by the framework, once");
    }

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        if (split == sdk::Split::test)
            throw sdk::Error(sdk::ErrorKind::plugin, "a trainer may not read the test split of dataset '" + name_ +
                                                         "': only the final report does, once");
        guarded(origin_, [&] { dataset_.read(split, rows, inputs, labels); });
    }

    [[nodiscard]] bool from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const override {
        return guarded(origin_, [&] { return dataset_.from_bytes(bytes, inputs); });
    }

  private:
    std::string name_;
    const sdk::Dataset &dataset_;
    Origin origin_;
};

} // namespace retort::framework
