// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace retort::framework {

/// Remembers which files were tried and are sound, by the digest of their bytes and what this Retort is: one empty file
/// each in a folder. What was not sound is not remembered, so that it is tried again. A folder that cannot be written
/// remembers nothing, silently.
class KnownPlugins {
  public:
    /// An empty `folder` knows nothing.
    explicit KnownPlugins(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] bool contains(const std::string &sha256) const;

    void add(const std::string &sha256) const;

  private:
    [[nodiscard]] std::filesystem::path file(const std::string &sha256) const;

    std::filesystem::path folder_;
};

} // namespace retort::framework
