// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "candidate.hpp"

#include <retort/sdk/plugin.hpp>

namespace retort::framework {

/// Opens the file that was inspected and returns what its entry says. It stays open until the process ends; the
/// floating-point state is the same afterwards. Errors: Refused: it cannot be opened, naming the library or symbol that
/// is missing; it is not the file that was inspected; opening it flips the floating-point state.
[[nodiscard]] const sdk::Plugin &open_library(const Candidate &candidate);

} // namespace retort::framework
