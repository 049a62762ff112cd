// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace retort::dataset_idx {

/// A file in the IDX format (LeCun, Cortes and Burges) of unsigned bytes, plain or compressed by gzip, which is told
/// from its first bytes. Layout: 0, 0, type (8: unsigned byte), number of dimensions; each extent as 32 bits, most
/// significant byte first; then the elements, the last dimension varying fastest.
///
/// All errors are ErrorKind::data, begin with the path, and point to the setting that named the file.
class IdxFile {
  public:
    /// Looks for `path`, then for `path`.gz, and checks header and size: of a compressed file the size that its last
    /// four bytes claim. Reads no elements.
    IdxFile(std::filesystem::path path, std::size_t dimensions, std::string setting);

    [[nodiscard]] const std::filesystem::path &path() const { return path_; }

    [[nodiscard]] const std::vector<std::size_t> &extents() const { return extents_; }

    /// All elements. Checks that they are all there, that nothing follows, and the checksum of a compressed file.
    [[nodiscard]] std::vector<std::uint8_t> read() const;

    /// Throws an error about this file.
    [[noreturn]] void fail(const std::string &what) const;

  private:
    void find();
    void read_header(std::size_t dimensions);
    void check_magic(const std::uint8_t *magic, std::size_t dimensions) const;
    void check_plain_size() const;
    void check_compressed_size() const;

    std::filesystem::path path_;
    std::string setting_;
    std::vector<std::size_t> extents_;
    std::uint64_t elements_ = 1;
    std::uint64_t header_ = 0;
    std::uint64_t file_size_ = 0;
    bool compressed_ = false;
};

} // namespace retort::dataset_idx
