// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/loader.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace retort::framework {

/// What changes when somebody else's bytes stand under a file's name: device, inode, size, times of change.
using FileIdentity = std::array<std::int64_t, 7>;

/// All zero if there is no such file.
[[nodiscard]] FileIdentity identity_of(const std::filesystem::path &file);

/// A file that may become a plugin of this process.
struct Candidate {
    PluginFile found;
    std::string entry;       ///< name of the symbol of its `sdk::Plugin`
    FileIdentity identity{}; ///< of the file that was inspected

    [[nodiscard]] bool refused() const { return found.refusal != Refusal::none; }

    /// `reason` may hold what the file says.
    void refuse(Refusal refusal, const std::string &reason);
};

/// What the file says of itself, and whether that and `options` let it be opened. None of its code runs.
[[nodiscard]] Candidate inspect(const std::filesystem::path &file, const LoadOptions &options);

} // namespace retort::framework
