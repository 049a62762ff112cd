// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace retort::framework {

/// A pipe's reading end, of which the last bytes are kept.
class CaughtOutput {
  public:
    CaughtOutput() = default;
    CaughtOutput(const CaughtOutput &) = delete;
    CaughtOutput &operator=(const CaughtOutput &) = delete;
    ~CaughtOutput() { close(); }

    /// Opens the pipe and returns its writing end. Errors: std::system_error.
    int open();

    /// Reads what is there without waiting; closes at the end.
    void read();

    void close();

    /// -1 once it is closed.
    [[nodiscard]] int descriptor() const { return descriptor_; }

    [[nodiscard]] const std::string &text() const { return text_; }

  private:
    int descriptor_ = -1;
    std::string text_;
};

/// A program that was started, its output caught. It reads nothing on stdin and leads a process group of its own. The
/// signal handlers of this process are left alone.
class ChildProcess {
  public:
    using Clock = std::chrono::steady_clock;

    /// Errors: std::system_error when it cannot be started.
    ChildProcess(const std::vector<std::string> &command, std::chrono::milliseconds timeout);

    /// Ends it and all of its group.
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    /// Looks whether something came or it ended, without waiting; ends it when its time is over. True when it is over.
    bool poll();

    [[nodiscard]] bool timed_out() const { return timed_out_; }

    /// As waitpid says; empty when this process has arranged not to be told.
    [[nodiscard]] std::optional<int> status() const { return status_; }

    CaughtOutput out;
    CaughtOutput err;

  private:
    [[nodiscard]] bool ended() const;
    void end();

    pid_t id_ = -1;
    Clock::time_point end_;
    bool timed_out_ = false;
    bool over_ = false;
    std::optional<int> status_;
};

} // namespace retort::framework
