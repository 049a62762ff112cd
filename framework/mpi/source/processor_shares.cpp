// SPDX-License-Identifier: Apache-2.0
#include "processor_shares.hpp"

#include <algorithm>

namespace retort::mpi {

std::size_t threads_of_share(std::span<const cpu_set_t> masks, std::size_t index) {
    double share = 1e-9; // thirds add up to a whole
    for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
        if (!CPU_ISSET(processor, &masks[index]))
            continue;
        const auto may = [&](const cpu_set_t &mask) { return CPU_ISSET(processor, &mask) != 0; };
        share += 1.0 / static_cast<double>(std::count_if(masks.begin(), masks.end(), may));
    }
    return std::max<std::size_t>(1, static_cast<std::size_t>(share));
}

} // namespace retort::mpi
