// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/observers/figures/events.hpp>
#include <plugins/observers/figures/frame.hpp>
#include <plugins/observers/figures/table.hpp>
#include <span>
#include <string>
#include <vector>

namespace retort::observer_figures {

/// Figure 1, one per adversary in the table of a stage's steps: means of D(t) and D(s) over the steps, smoothed, the
/// range of the raw values behind them, the line of the objective's equilibrium, and a mark at each change.
[[nodiscard]] std::vector<Script> discriminator_scripts(const std::string &stage, const Table &steps,
                                                        std::span<const Event> events = {});

/// Figure 2: accuracy of the `model` that a stage trains, on train and on validation over the epochs. One, or none if
/// the table of the stage's epochs has no accuracies.
[[nodiscard]] std::vector<Script> accuracy_scripts(const std::string &stage, const std::string &model,
                                                   const Table &epochs);

} // namespace retort::observer_figures
