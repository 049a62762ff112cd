// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

struct gzFile_s;

namespace retort::framework {

/// What errors call a file: its path, or "standard input" for "-".
[[nodiscard]] std::string source_name(const std::filesystem::path &file);

/// The bytes of a file, a pipe, or, for "-", standard input, in order; plain, or compressed by gzip, which is told from
/// the first of them. Errors: ErrorCode::data, naming the file.
class ByteSource {
  public:
    explicit ByteSource(const std::filesystem::path &file);

    /// Reads `size` bytes, or fewer where they end; returns how many.
    std::size_t read(void *out, std::size_t size);

    /// How many bytes there are; nothing where only reading them would tell.
    [[nodiscard]] std::optional<std::uint64_t> size() const { return size_; }

    /// Throws an error about this file.
    [[noreturn]] void fail(const std::string &what) const;

  private:
    struct Close {
        void operator()(gzFile_s *file) const;
    };

    [[nodiscard]] std::string last_error() const;

    std::string name_;
    std::unique_ptr<gzFile_s, Close> stream_;
    std::optional<std::uint64_t> size_;
};

} // namespace retort::framework
