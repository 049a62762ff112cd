// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace retort::model_recorded {

/// A file of numbers, a row for each example: NPY (NumPy's format, versions 1 to 3) of little-endian float32
/// [examples, width] in C order, or the records that `retort predict` writes, of which the probabilities are taken.
class Record {
  public:
    /// Reads the header and checks it against the file's size. `setting`: pointer to the setting that names the file,
    /// for errors (ErrorKind::data).
    Record(std::filesystem::path path, std::string setting);

    [[nodiscard]] std::size_t rows() const { return rows_; }

    [[nodiscard]] std::size_t width() const { return width_; }

    /// Whether they are the records of `retort predict`.
    [[nodiscard]] bool predictions() const { return stride_ > width_; }

    /// All numbers, row by row.
    [[nodiscard]] std::vector<float> read() const;

    /// Throws an error that names the file and blames the setting.
    [[noreturn]] void fail(const std::string &what) const;

  private:
    void read_header();
    void take_shape(const std::string &header);

    std::filesystem::path path_;
    std::string setting_;
    std::uint64_t begin_ = 0; ///< of the numbers in the file
    std::size_t rows_ = 0;
    std::size_t width_ = 0;
    std::size_t stride_ = 0; ///< numbers from one row to the next, the first ones of which are others than wanted
};

} // namespace retort::model_recorded
