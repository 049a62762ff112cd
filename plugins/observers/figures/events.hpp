// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace retort::observer_figures {

/// A row of the table of a stage's events as the observer `csv` writes it.
struct Event {
    std::uint64_t step = 0; ///< after which it happened
    std::string kind;
    std::string message;
};

/// Reads such a table; none if the file is not there. A last row that was cut off is left out.
[[nodiscard]] std::vector<Event> read_events(const std::filesystem::path &path);

/// What figure 1 of `adversary` says of an event: of the change `/stages/distil/adversaries/main/discriminator/type:
/// "mlp"
/// -> "paired"` it is "discriminator: mlp → paired", of the alarm "adversary main: its discriminator has won: accuracy
/// 1" it is "its discriminator has won".
[[nodiscard]] std::string label_of(const Event &event, const std::string &stage, const std::string &adversary);

/// gnuplot commands that mark events in figure 1 of `adversary`: a vertical line, and a label, for each change and each
/// alarm that is not another adversary's. `last_step`: where the axis ends.
[[nodiscard]] std::string event_marks(std::span<const Event> events, const std::string &stage,
                                      const std::string &adversary, double last_step);

} // namespace retort::observer_figures
