// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run_profiler.hpp"

#include <span>
#include <string>

namespace retort::framework {

/// A row for each phase, under the names of ProfiledPhase's members.
[[nodiscard]] std::string profile_csv(std::span<const ProfiledPhase> phases);

/// The calls in the Trace Event Format, which chrome://tracing and Perfetto open: complete events ("X"), times in
/// microseconds.
[[nodiscard]] std::string trace_text(std::span<const PhaseCall> calls);

} // namespace retort::framework
