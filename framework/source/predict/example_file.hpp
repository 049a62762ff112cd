// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../files/byte_source.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace retort::framework {

enum class ElementType { uint8, float32 };

/// Bytes of an element.
[[nodiscard]] constexpr std::size_t size_of(ElementType type) {
    return type == ElementType::uint8 ? 1 : 4;
}

/// Examples without labels in a file, one after the other: IDX of unsigned bytes, or NPY of uint8 or little-endian
/// float32 with the last dimension varying fastest, told from its first bytes. Errors: as of ByteSource.
class ExampleFile {
  public:
    /// Reads the header, and checks the size where it is known.
    explicit ExampleFile(const std::filesystem::path &file);

    [[nodiscard]] ElementType type() const { return type_; }

    /// Two or three, the first of them the number of examples.
    [[nodiscard]] const std::vector<std::uint64_t> &extents() const { return extents_; }

    /// Elements of an example: 1 at least.
    [[nodiscard]] std::uint64_t width() const { return width_; }

    /// Examples that were not read yet.
    [[nodiscard]] std::uint64_t left() const { return left_; }

    /// Reads the next `examples`, at most those that are left. With the last one it checks that nothing follows, and
    /// the checksum of a compressed file.
    void read(void *out, std::size_t examples);

    [[noreturn]] void fail(const std::string &what) const { source_.fail(what); }

  private:
    void read_idx_header(const unsigned char *magic);
    void read_npy_header();
    [[nodiscard]] std::string read_npy_dictionary();
    void read_header_bytes(void *out, std::size_t size);
    void check_extents();
    void check_end();

    ByteSource source_;
    ElementType type_ = ElementType::uint8;
    std::vector<std::uint64_t> extents_;
    std::uint64_t width_ = 1;
    std::uint64_t left_ = 0;
    std::uint64_t header_ = 0; ///< bytes read of it
};

/// "[10, 28, 28]"
[[nodiscard]] std::string extents_text(const std::vector<std::uint64_t> &extents);

} // namespace retort::framework
