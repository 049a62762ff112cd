// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/replica_link.hpp>

#include <memory>

namespace retort::mpi {

/// Joins the processes that mpirun started; alone, a process is the only replica. Initialises MPI if that is still to
/// be done (the calls may come from any thread, one at a time), and then finalises it when the link is destroyed, which
/// waits for the others. Where they cannot be reached any more it ends all of them (MPI_Abort). Errors:
/// std::exception where MPI cannot be initialised.
[[nodiscard]] std::unique_ptr<framework::ReplicaLink> make_link();

} // namespace retort::mpi
