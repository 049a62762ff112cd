// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "components.hpp"

#include <boost/json/object.hpp>

namespace retort::framework {

/// Reads all of a loaded dataset that training may see, once. Returns its SHA-256, over the inputs as float32 and the
/// labels: {"train": ..., "validation": ...}. Errors: as of CheckedDataset.
[[nodiscard]] boost::json::object check_data(const Built<sdk::Dataset> &dataset);

/// A dataset whose examples are checked as they are read. Errors: ErrorCode::data for the first number that is not
/// finite, and the first label that is neither a class nor `unlabelled`, each with its split and example; whatever
/// reading throws is the dataset's, whoever reads.
class CheckedDataset final : public sdk::Dataset {
  public:
    /// `dataset` must outlive this.
    explicit CheckedDataset(const Built<sdk::Dataset> &dataset)
        : dataset_(*dataset.component), origin_(dataset.origin) {}

    [[nodiscard]] std::size_t width() const override { return dataset_.width(); }

    [[nodiscard]] std::size_t classes() const override { return dataset_.classes(); }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return dataset_.size(split); }

    [[nodiscard]] sdk::ImageShape image_shape() const override { return dataset_.image_shape(); }

    [[nodiscard]] std::size_t source_size(sdk::Split split) const override { return dataset_.source_size(split); }

    [[nodiscard]] std::uint64_t source_row(sdk::Split split, std::uint64_t row) const override {
        return dataset_.source_row(split, row);
    }

    void load() override {}

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override;

  private:
    void check(sdk::Split split, std::uint64_t example, std::span<const float> inputs) const;
    void check(sdk::Split split, std::uint64_t example, std::int32_t label) const;

    const sdk::Dataset &dataset_;
    const Origin &origin_;
};

} // namespace retort::framework
