// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace retort::host {

/// While it lives, a signal by which the system ends what went wrong (SIGSEGV, SIGABRT, ...) is told on stderr, with
/// what was going on, before the process ends with exit code 4. One at a time.
class CrashReport {
  public:
    CrashReport();
    CrashReport(const CrashReport &) = delete;
    CrashReport &operator=(const CrashReport &) = delete;
    ~CrashReport();

    /// What is going on from now on: a check of a component.
    void begin(std::string_view component, std::string_view check) const;
};

} // namespace retort::host
