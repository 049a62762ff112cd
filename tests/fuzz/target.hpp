// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

/// What libFuzzer, or replay.cpp in its place, calls for each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace retort::fuzz {

/// Ends the process as a crash does, saying `what`, unless it holds.
void check(bool holds, std::string_view what);

/// While it lives, more memory from `new` than this is a crash, whether all at once or piece by piece.
class Allowance {
  public:
    explicit Allowance(std::size_t bytes);
    Allowance(const Allowance &) = delete;
    Allowance &operator=(const Allowance &) = delete;
    ~Allowance();
};

/// What a reader may take for an input of `size` bytes: so many times its size, and a mebibyte for what it needs
/// anyway.
[[nodiscard]] constexpr std::size_t in_proportion(std::size_t size, std::size_t times) {
    return size * times + (std::size_t{1} << 20U);
}

/// The path of `name` in a folder of this process, which is removed at its end.
[[nodiscard]] std::filesystem::path scratch(std::string_view name);

[[nodiscard]] inline std::string_view text_of(const std::uint8_t *data, std::size_t size) {
    return {reinterpret_cast<const char *>(data), size};
}

/// Crashes unless `error` is of one of `codes`, names its problems, and is safe to print.
void check_error(const framework::Error &error, std::initializer_list<framework::ErrorCode> codes);

/// Whether `read` accepts the input. Refusing it is fine when it is done by an Error of one of `codes`; whatever else
/// it throws is a crash.
template <class Read> bool accepts(std::initializer_list<framework::ErrorCode> codes, Read &&read) {
    try {
        read();
        return true;
    } catch (const framework::Error &error) {
        check_error(error, codes);
        return false;
    }
}

} // namespace retort::fuzz
