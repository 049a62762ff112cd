// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace retort::framework {

using Digest = std::array<unsigned char, 32>;

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
  public:
    Sha256();

    void update(const void *data, std::size_t size);

    /// Of everything so far; nothing may follow.
    [[nodiscard]] Digest finish();

  private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };

    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

[[nodiscard]] std::string hexadecimal(const Digest &digest);

/// In hexadecimal.
[[nodiscard]] std::string sha256_of_text(std::string_view text);

/// SHA-256 of a file's bytes in hexadecimal; empty when it cannot be read.
[[nodiscard]] std::string sha256_of(const std::filesystem::path &file);

} // namespace retort::framework
