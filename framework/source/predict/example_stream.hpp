// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/guard.hpp"
#include "example_file.hpp"

#include <retort/sdk/matrix.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace retort::framework {

/// The examples of several files as one stream of inputs. Unsigned bytes become inputs as the dataset makes them, and
/// float32 are inputs already. Errors: ErrorCode::data, naming the file.
class ExampleStream {
  public:
    /// Reads the header of every file and checks that its examples are such as `dataset` has; `origin` is the
    /// dataset's. Files are open one at a time, but for pipes. `dataset`, `origin` and `services` must outlive this.
    ExampleStream(const std::vector<std::filesystem::path> &files, const sdk::Dataset &dataset, const Origin &origin,
                  sdk::Services &services);

    /// Examples that were not read yet, of all files.
    [[nodiscard]] std::uint64_t left() const { return left_; }

    /// Reads the next examples, as many as `inputs` has rows, or fewer at the end; `convert` makes inputs of them.
    /// `inputs` has no gaps between its rows. Returns how many.
    std::size_t read(sdk::Matrix inputs);

    /// Makes what was read last the inputs that the model sees, and checks that they are finite numbers.
    void convert(sdk::Matrix inputs);

    /// Throws an error about example `row` of what was read last.
    [[noreturn]] void fail(std::size_t row, const std::string &what) const;

  private:
    /// A file, open or not yet.
    struct Source {
        std::filesystem::path path;
        ElementType type;
        std::uint64_t examples;
        std::unique_ptr<ExampleFile> file;
    };

    /// Consecutive rows of a batch, which came from one file.
    struct Piece {
        const Source *source;
        std::uint64_t example; ///< of the first row, counted within the file
        std::size_t first;
        std::size_t rows;
    };

    [[nodiscard]] std::unique_ptr<ExampleFile> open(const std::filesystem::path &path) const;
    Source &current();
    void convert(const Piece &piece, sdk::Matrix inputs);
    void check_finite(const Piece &piece, sdk::ConstMatrix inputs);

    const sdk::Dataset &dataset_;
    const Origin &origin_;
    sdk::Services &services_;
    std::vector<Source> sources_;
    std::size_t current_ = 0; ///< of them
    std::uint64_t left_ = 0;
    std::vector<std::uint8_t> bytes_; ///< of rows that came as bytes, at their places in the batch
    std::vector<Piece> pieces_;       ///< of what was read last
};

} // namespace retort::framework
