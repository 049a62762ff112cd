// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/replicas.hpp>

#include <memory>

namespace retort::host {

/// The processes that mpirun started together with this one; null where it started none besides. Opens the module
/// lib/retort/retort_mpi.so, seen from the folder of the command's own, and with it MPI. Errors: ErrorCode::usage where
/// that is not there or does not work. Of a group only the first speaks: elsewhere std::cout and std::cerr are muted.
[[nodiscard]] std::unique_ptr<framework::Replicas> join_replicas();

/// Whether mpirun started this process, alone or not: then its stdout is a terminal of mpirun's own, wherever mpirun
/// writes what comes there.
[[nodiscard]] bool started_by_mpirun();

} // namespace retort::host
