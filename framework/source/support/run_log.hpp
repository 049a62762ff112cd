// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/log.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spdlog {
class logger;
}

namespace retort::framework {

/// The log of one run: the embedder's sink, and a file once there is a run directory. [any thread]
class RunLog {
  public:
    explicit RunLog(LogSink sink);
    ~RunLog();

    void write(LogLevel level, std::string_view message);

    /// Starts the log file, or goes on with the one that is there, with all lines so far. Errors: ErrorCode::output.
    void open(const std::filesystem::path &file, bool append);

    /// There will be no file: lines are no longer kept for it.
    void without_file();

  private:
    void tell_sink(LogLevel level, std::string_view message) const noexcept;

    std::mutex mutex_;
    LogSink sink_;
    std::vector<std::pair<LogLevel, std::string>> early_; ///< lines from before the file
    bool keeps_early_ = true;
    std::unique_ptr<spdlog::logger> file_;
};

} // namespace retort::framework
