// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batch.hpp>
#include <retort/sdk/component.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace retort::sdk {

/// Geometry of one example, where it is an image: width() == channels * height * width, channel by channel, row by row.
struct ImageShape {
    std::size_t channels = 0; ///< 0: the examples are no images, and augmentation is refused
    std::size_t height = 0;
    std::size_t width = 0;
    float background = 0.0F; ///< what augmentation moves in from outside
};

struct DatasetContext : Context {
    std::string directory; ///< the manifest's directory: relative paths in the settings start here
};

/// Examples of fixed width in three splits, those for training with or without a label. The constructor checks headers
/// and sizes of its files, so that width, classes, sizes and shape are known from then on; `load` reads them.
class RETORT_VISIBLE Dataset : public Component {
  public:
    static constexpr std::string_view role = "dataset";
    using Context = DatasetContext;

    [[nodiscard]] virtual std::size_t width() const = 0;   ///< numbers per example
    [[nodiscard]] virtual std::size_t classes() const = 0; ///< labels are 0..classes-1, or `unlabelled`
    [[nodiscard]] virtual std::size_t size(Split split) const = 0;

    [[nodiscard]] virtual ImageShape image_shape() const { return {}; }

    /// Reads everything into memory and checks it. Called once, before the first stage. Errors: ErrorKind::data.
    virtual void load() = 0;

    /// Writes the examples `rows` (numbers below size(split)) into `inputs` [rows, width()] and their labels into
    /// `labels`, unless that is empty. After `load` only. [any thread]
    virtual void read(Split split, std::span<const std::uint64_t> rows, Matrix inputs,
                      std::span<std::int32_t> labels) const = 0;

    /// Where `split` has its examples from, such as a file that train and validation share: how many are there, and
    /// which of them a row of the split is, the latter after `load` only. By these numbers outputs are kept that a
    /// model gave elsewhere. [any thread]
    [[nodiscard]] virtual std::size_t source_size(Split split) const { return size(split); }
    [[nodiscard]] virtual std::uint64_t source_row(Split split, std::uint64_t row) const {
        (void)split;
        return row;
    }

    /// Makes inputs of examples that come as unsigned bytes, width() an example, as files of images hold them: the
    /// numbers that `read` gives. False, with nothing written, where this dataset's examples are no bytes; empty spans
    /// ask. Before `load`, too. [any thread]
    [[nodiscard]] virtual bool from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const {
        (void)bytes, (void)inputs;
        return false;
    }
};

} // namespace retort::sdk
