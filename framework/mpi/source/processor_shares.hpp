// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <sched.h>
#include <span>

namespace retort::mpi {

/// How many threads the process `index` of a machine should have, at least 1, when each of its processors is shared
/// evenly by the processes that may run on it: `masks` says on which each may.
[[nodiscard]] std::size_t threads_of_share(std::span<const cpu_set_t> masks, std::size_t index);

} // namespace retort::mpi
