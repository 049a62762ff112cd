// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace retort::host {

/// While it lives, a check that cannot be gone on with is told on stderr before the process ends with exit code 4: one
/// in which the system sends a signal for what went wrong (SIGSEGV, SIGABRT, ...), and one that takes longer than it
/// may. One at a time; SIGALRM and ITIMER_REAL are its own.
class LastWords {
  public:
    /// `timeout`: seconds that a check may take.
    explicit LastWords(double timeout);
    LastWords(const LastWords &) = delete;
    LastWords &operator=(const LastWords &) = delete;
    ~LastWords();

    /// What is going on from now on: a check of a component. Its time begins.
    void begin(std::string_view component, std::string_view check) const;

  private:
    double timeout_;
};

} // namespace retort::host
