// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/observers/figures/frame.hpp>
#include <plugins/observers/figures/table.hpp>
#include <string>
#include <vector>

namespace retort::observer_figures {

/// The reliability diagram of a set of weights, "student.last", from the table of its bins in the run directory:
/// accuracy over mean confidence, before and after scaling, with the interval of one standard error around each
/// accuracy (Wilson 1927), and behind them how many examples a bin holds before scaling. One, or none if no bin holds
/// any.
[[nodiscard]] std::vector<Script> reliability_scripts(const std::string &weights, const Table &bins);

} // namespace retort::observer_figures
