// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace retort::framework {

/// A trial that came to no end.
struct KnownHang {
    std::chrono::milliseconds timeout{0}; ///< how long it was given
    std::string reason;                   ///< what was said of it
};

/// Remembers how trials of files ended, by the digest of their bytes and what this Retort is: a small file each in a
/// folder. That a file is sound stays; that it hung is forgotten after a day, since a busy machine may have been the
/// reason, and when it turns out to be sound. Nothing else is remembered, so that it is tried again. A folder that
/// cannot be written remembers nothing, silently.
class KnownPlugins {
  public:
    /// An empty `folder` knows nothing.
    explicit KnownPlugins(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] bool is_sound(const std::string &sha256) const;

    void add_sound(const std::string &sha256) const;

    /// Empty if it is not known to hang.
    [[nodiscard]] std::optional<KnownHang> hang(const std::string &sha256) const;

    /// Of two hangs that with the longer time stays.
    void add_hang(const std::string &sha256, const KnownHang &hang) const;

  private:
    [[nodiscard]] std::filesystem::path file(const std::string &sha256, const char *ending = "") const;

    std::filesystem::path folder_;
};

} // namespace retort::framework
