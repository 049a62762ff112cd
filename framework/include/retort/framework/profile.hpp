// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace retort::framework {

/// A phase of a run that was profiled: a piece of work that is done again and again in one place. Times are those of
/// the thread that steps the run, on a clock that runs on while it waits.
struct ProfiledPhase {
    std::string path;             ///< names of the phases around it and its own: "run/distil/step/student forward"
    std::string name;             ///< the last of them
    std::size_t depth = 0;        ///< how many phases are around it
    std::uint64_t calls = 0;      ///< how often it was entered
    double seconds = 0.0;         ///< of all calls, with the phases within it
    double own_seconds = 0.0;     ///< without them
    double share = 0.0;           ///< of the time of the whole run, from 0 to 1
    std::uint64_t operations = 0; ///< floating-point operations of matrix products, with the phases within it

    /// Billions of those operations a second; 0 where there are none.
    [[nodiscard]] double gflops() const {
        return seconds > 0.0 ? static_cast<double>(operations) / seconds * 1e-9 : 0.0;
    }
};

} // namespace retort::framework
