// SPDX-License-Identifier: Apache-2.0
// Joins the processes that mpirun started, and counts them by a sum.
#include <retort/framework/replicas.hpp>
#include <retort/mpi/mpi_link.hpp>

#include <iostream>

int main() {
    retort::framework::Replicas replicas(retort::mpi::make_link());
    double count = 1.0;
    replicas.sum({&count, 1});
    if (replicas.is_first())
        std::cout << count << " replicas\n";
}
