// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <plugins/observers/csv/csv.hpp>
#include <string>
#include <system_error>

namespace retort::observer_csv {

void Csv::begin_stage(const sdk::StageInfo &stage) {
    if (directory_.empty())
        return;
    const std::filesystem::path folder = directory_ / "metrics";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw sdk::Error(sdk::ErrorKind::output, "\"" + folder.string() + "\" cannot be made: " + error.message());
    const std::string name(stage.name);
    steps_.open(folder / (name + ".steps.csv"), restored_ ? steps_bytes_ : 0);
    epochs_.open(folder / (name + ".epochs.csv"), restored_ ? epochs_bytes_ : 0);
    events_path_ = folder / (name + ".events.csv");
    open_events(restored_ && events_bytes_ > 0);
    restored_ = false;
}

/// There is no file before the first event.
void Csv::open_events(bool restored) {
    if (restored)
        return events_.open(events_path_, events_bytes_);
    events_ = CsvFile("step");
    std::error_code error;
    std::filesystem::remove(events_path_, error); // of after the checkpoint
}

void Csv::step(const sdk::StageInfo &, std::uint64_t step, std::span<const sdk::Metric> metrics) {
    if (!directory_.empty())
        steps_.row(step, metrics);
}

void Csv::epoch(const sdk::StageInfo &, std::uint64_t epoch, std::span<const sdk::Metric> metrics) {
    if (directory_.empty())
        return;
    epochs_.row(epoch, metrics);
    epochs_.flush();
    steps_.flush();
}

void Csv::event(const sdk::StageInfo &stage, std::uint64_t step, std::string_view kind, std::string_view message) {
    if (directory_.empty())
        return;
    if (events_.bytes() == 0)
        events_.open(events_path_, 0);
    const std::uint64_t per_epoch = std::max<std::uint64_t>(1, stage.steps_per_epoch);
    const std::string epoch = std::to_string((step + per_epoch - 1) / per_epoch);
    constexpr std::string_view columns[] = {"epoch", "kind", "message"};
    const std::string_view texts[] = {epoch, kind, message};
    events_.text_row(step, columns, texts);
    events_.flush();
}

void Csv::end_stage(const sdk::StageInfo &, bool) {
    steps_.close();
    epochs_.close();
    events_.close();
}

void Csv::visit_state(sdk::StateVisitor &visitor) {
    steps_.flush(); // a checkpoint must not count bytes that are lost with the process
    epochs_.flush();
    events_.flush();
    steps_bytes_ = steps_.bytes();
    epochs_bytes_ = epochs_.bytes();
    events_bytes_ = events_.bytes();
    visitor.value("steps_bytes", steps_bytes_);
    visitor.value("epochs_bytes", epochs_bytes_);
    visitor.value("events_bytes", events_bytes_);
}

} // namespace retort::observer_csv

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Observer, retort::observer_csv::Csv>(
        "csv", "Writes the metrics of every step and every epoch as comma-separated tables.");
}
