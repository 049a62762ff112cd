// SPDX-License-Identifier: Apache-2.0
#include "threads.hpp"

#include <omp.h>

#include <algorithm>
#include <sched.h>

namespace retort::framework {

std::size_t available_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) != 0) // more than 1024 processors
        return static_cast<std::size_t>(std::max(1, omp_get_num_procs()));
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

ThreadScope::ThreadScope(std::size_t threads) : threads_(omp_get_max_threads()), dynamic_(omp_get_dynamic()) {
    omp_set_dynamic(0); // the same number every time: results depend on it
    omp_set_num_threads(static_cast<int>(threads));
}

ThreadScope::~ThreadScope() {
    omp_set_num_threads(threads_);
    omp_set_dynamic(dynamic_);
}

} // namespace retort::framework
