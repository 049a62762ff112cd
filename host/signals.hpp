// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

namespace retort::host {

/// While one lives, SIGINT and SIGTERM cancel `run` after its current step; a second one ends the process at once with
/// exit code 130. Without a run it is up to the caller to end when it was asked to. One at a time.
class CancelOnSignals {
  public:
    CancelOnSignals() : CancelOnSignals(nullptr) {}

    explicit CancelOnSignals(framework::Run &run) : CancelOnSignals(&run) {}

    ~CancelOnSignals();
    CancelOnSignals(const CancelOnSignals &) = delete;
    CancelOnSignals &operator=(const CancelOnSignals &) = delete;

    /// Whether a signal came since the last was made.
    [[nodiscard]] static bool asked();

  private:
    explicit CancelOnSignals(framework::Run *run);
};

} // namespace retort::host
