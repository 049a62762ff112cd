// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace retort::observer_figures {

/// Runs `program -d <script>` in `folder` without a shell, with an environment of its own, and waits for it; after
/// `limit` it is killed. Its messages go to a file beside the script for as long as it runs.
///
/// Returns what went wrong, in a sentence; empty: nothing.
[[nodiscard]] std::string run_gnuplot(const std::string &program, const std::filesystem::path &folder,
                                      const std::string &script, std::chrono::milliseconds limit);

} // namespace retort::observer_figures
