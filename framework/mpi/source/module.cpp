// SPDX-License-Identifier: Apache-2.0
// What the `retort` command opens: see host/replicas.cpp.
#include <retort/mpi/mpi_link.hpp>

extern "C" __attribute__((visibility("default"))) retort::framework::ReplicaLink *retort_replica_link_1() {
    return retort::mpi::make_link().release();
}
