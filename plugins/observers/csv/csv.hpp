// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/observer.hpp>

#include <cstdint>
#include <filesystem>
#include <plugins/observers/csv/csv_file.hpp>
#include <span>
#include <string_view>

namespace retort::observer_csv {

/// Writes `metrics/<stage>.steps.csv`, a row a step, `metrics/<stage>.epochs.csv`, a row an epoch, and, if there are
/// any, `metrics/<stage>.events.csv`, a row an event with the step and the epoch after which it happened, into the run
/// directory: comma-separated, a header, "\n" after each row, numbers as short as they can be and read back unchanged.
/// Steps and epochs count from 1. Rows reach the operating system after every epoch and the disk after every stage.
///
/// A run without a directory writes nothing. After a restore the next stage goes on in the files that are there, cut to
/// the rows of the checkpoint.
class Csv final : public sdk::Observer {
  public:
    explicit Csv(const sdk::ObserverContext &context) : directory_(context.directory) {}

    void begin_stage(const sdk::StageInfo &stage) override;
    void step(const sdk::StageInfo &stage, std::uint64_t step, std::span<const sdk::Metric> metrics) override;
    void epoch(const sdk::StageInfo &stage, std::uint64_t epoch, std::span<const sdk::Metric> metrics) override;
    void event(const sdk::StageInfo &stage, std::uint64_t step, std::string_view kind,
               std::string_view message) override;
    void end_stage(const sdk::StageInfo &stage, bool complete) override;

    void visit_state(sdk::StateVisitor &visitor) override;

    void state_restored() override { restored_ = true; }

  private:
    void open_events(bool restored);

    std::filesystem::path directory_;
    std::filesystem::path events_path_;
    CsvFile steps_{"step"};
    CsvFile epochs_{"epoch"};
    CsvFile events_{"step"};        // opened by the first
    std::uint64_t steps_bytes_ = 0; // as of the last visit
    std::uint64_t epochs_bytes_ = 0;
    std::uint64_t events_bytes_ = 0;
    bool restored_ = false;
};

} // namespace retort::observer_csv
