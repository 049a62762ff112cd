// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

namespace retort::host {

/// While one lives, SIGINT and SIGTERM cancel `run` after its current step; a second one ends the process at once with
/// exit code 130. One at a time.
class CancelOnSignals {
  public:
    explicit CancelOnSignals(framework::Run &run);
    ~CancelOnSignals();
    CancelOnSignals(const CancelOnSignals &) = delete;
    CancelOnSignals &operator=(const CancelOnSignals &) = delete;
};

} // namespace retort::host
