// SPDX-License-Identifier: Apache-2.0
#include "profile_table.hpp"

#include "text.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace retort::host {

namespace {

using framework::ProfiledPhase;

std::vector<std::string> row_of(const ProfiledPhase &phase) {
    return {std::string(2 * phase.depth, ' ') + phase.name,
            std::to_string(phase.calls),
            fixed(phase.seconds, 3),
            fixed(phase.own_seconds, 3),
            fixed(100.0 * phase.share, 1) + " %",
            fixed(1000.0 * phase.seconds / static_cast<double>(phase.calls), 3),
            phase.operations == 0 ? "-" : fixed(phase.gflops(), 1)};
}

} // namespace

std::string profile_table(std::span<const ProfiledPhase> phases) {
    std::vector<std::vector<std::string>> rows{
        {"phase", "calls", "seconds", "own seconds", "share", "ms a call", "GFLOP/s"}};
    for (const ProfiledPhase &phase : phases)
        rows.push_back(row_of(phase));
    return table_text(rows, 1);
}

boost::json::array profile_json(std::span<const ProfiledPhase> phases) {
    boost::json::array array;
    for (const ProfiledPhase &phase : phases)
        array.emplace_back(boost::json::object{{"path", phase.path},
                                               {"depth", phase.depth},
                                               {"calls", phase.calls},
                                               {"seconds", phase.seconds},
                                               {"own_seconds", phase.own_seconds},
                                               {"share", phase.share},
                                               {"operations", phase.operations}});
    return array;
}

} // namespace retort::host
