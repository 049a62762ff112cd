// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace retort::framework {

/// Tells the embedder how far a run is. Allocates nothing.
class ProgressTeller {
  public:
    using Receiver = std::function<void(const RunProgress &)>;

    ProgressTeller(Receiver receiver, std::size_t stages) : receiver_(std::move(receiver)) {
        progress_.stages = stages;
    }

    /// A stage begins; its clock starts. `name` must stay valid until the next stage.
    void begin_stage(std::size_t index, std::string_view name) {
        progress_.stage_index = index;
        progress_.stage = name;
        progress_.done_before = 0;
        begin_ = std::chrono::steady_clock::now();
    }

    /// The stage goes on after so many steps.
    void goes_on(std::uint64_t steps) { progress_.done_before = steps; }

    /// Since the stage began.
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }

    void activity(std::string_view what, std::uint64_t done, std::uint64_t total) {
        RunProgress progress = progress_;
        progress.activity = what;
        progress.done = done;
        progress.total = total;
        tell(progress);
    }

    void training(std::uint64_t done, const sdk::StageInfo &stage, std::span<const sdk::Metric> metrics,
                  bool epoch_ended) {
        RunProgress progress = progress_;
        progress.activity = "training";
        progress.done = done;
        progress.total = stage.steps;
        progress.steps_per_epoch = stage.steps_per_epoch;
        progress.metrics = metrics;
        progress.epoch_ended = epoch_ended;
        tell(progress);
    }

  private:
    void tell(RunProgress &progress) const {
        progress.seconds = seconds();
        if (receiver_)
            receiver_(progress);
    }

    Receiver receiver_;
    RunProgress progress_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

} // namespace retort::framework
