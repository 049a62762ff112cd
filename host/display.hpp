// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arguments.hpp"

#include <retort/framework/log.hpp>
#include <retort/framework/run.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace retort::host {

/// What a run shows while it goes on. Progress goes to stdout: on a terminal one line rewritten in place, else, and
/// under mpirun, a line an epoch. Log lines go to stderr.
class Display {
  public:
    /// Examples in an epoch of the stage with this index; 0 if unknown.
    using EpochSize = std::function<std::uint64_t(std::size_t stage)>;

    explicit Display(const Arguments &arguments);

    void set_epoch_size(EpochSize epoch_size) { epoch_size_ = std::move(epoch_size); }

    void log(framework::LogLevel level, std::string_view message);

    void progress(const framework::RunProgress &progress);

    /// Shows a line that stays, where progress is shown.
    void say(std::string_view line);

    /// Ends the rewritten line.
    void finish();

  private:
    void show_status(const framework::RunProgress &progress);
    void show_lines(const framework::RunProgress &progress);
    void rewrite(std::string line);
    [[nodiscard]] bool due(const framework::RunProgress &progress);
    [[nodiscard]] std::string speed_text(const framework::RunProgress &progress);

    framework::LogLevel level_;
    bool shows_progress_;
    bool terminal_;
    bool status_shown_ = false;
    std::string activity_;      ///< stage and activity shown last
    std::string stage_;         ///< shown last
    std::string epoch_metrics_; ///< of the last epoch
    std::chrono::steady_clock::time_point shown_at_{};
    double training_since_ = 0.0; ///< seconds of the stage when its training began
    EpochSize epoch_size_ = [](std::size_t) { return std::uint64_t{0}; };
};

} // namespace retort::host
