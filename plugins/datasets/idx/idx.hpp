// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "idx_file.hpp"

#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/settings.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace retort::dataset_idx {

/// Grey images with labels in the four IDX files of MNIST and its relatives. Pixels stay unsigned bytes in memory and
/// are scaled to [0, 1] when read. Validation examples are drawn from the training files by the seed. Of a dataset that
/// others are told from, the test files are enough.
class Idx final : public sdk::Dataset {
  public:
    struct Settings {
        std::string directory;
        std::string train_images = "train-images-idx3-ubyte";
        std::string train_labels = "train-labels-idx1-ubyte";
        std::string test_images = "t10k-images-idx3-ubyte";
        std::string test_labels = "t10k-labels-idx1-ubyte";
        std::uint64_t classes = 10;
        std::uint64_t validation = 5000;
        std::uint64_t train = 0;
        std::uint64_t labelled = 0;
        bool unlabelled = true;

        void fields(sdk::Fields &fields);
    };

    Idx(const Settings &settings, const sdk::DatasetContext &context);

    [[nodiscard]] std::size_t width() const override { return height_ * width_; }

    [[nodiscard]] std::size_t classes() const override { return classes_; }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return sizes_[index(split)]; }

    [[nodiscard]] sdk::ImageShape image_shape() const override { return {1, height_, width_, 0.0F}; }

    void load() override;

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override;

    [[nodiscard]] std::size_t source_size(sdk::Split split) const override;
    [[nodiscard]] std::uint64_t source_row(sdk::Split split, std::uint64_t row) const override;

    [[nodiscard]] bool from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const override;

  private:
    /// One pair of files.
    struct Part {
        Part(const std::filesystem::path &directory, const std::string &images_name, const std::string &labels_name,
             const std::string &setting);

        void load(std::size_t classes);
        [[nodiscard]] std::int32_t label(std::uint64_t example) const;

        IdxFile image_file;
        IdxFile label_file;
        std::size_t size;
        std::vector<std::uint8_t> images;
        std::vector<std::uint8_t> labels;
        std::vector<bool> unlabelled; ///< whether an example's label is kept back; empty: none is
    };

    static std::size_t index(sdk::Split split) { return static_cast<std::size_t>(split); }

    void check_shape() const;
    void set_sizes(std::uint64_t validation, std::uint64_t train);
    void draw_splits();
    void draw_labelled(std::vector<std::uint64_t> &train);

    std::size_t classes_;
    std::size_t labelled_;
    bool keep_unlabelled_;
    std::size_t drawn_ = 0; ///< training examples, with and without a label
    sdk::Random random_;
    std::unique_ptr<Part> train_; ///< null: there are test images only
    std::unique_ptr<Part> test_;
    std::size_t height_ = 0;
    std::size_t width_ = 0;
    std::array<std::size_t, 3> sizes_{};
    std::array<std::vector<std::uint64_t>, 2> chosen_; ///< examples of the training files, per split, in order
};

} // namespace retort::dataset_idx
