// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run_log.hpp"

#include <retort/sdk/services.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::framework {

/// What a component said happened; observers hear of it when the component's call has returned.
struct Event {
    std::string kind;
    std::string message;
};

/// What one run does for its components. `parallel_for` runs on the OpenMP runtime that plugins share.
class RunServices final : public sdk::Services {
  public:
    using OnProgress = std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;

    /// `threads` at least 1; `log` and `profiler` (null: the run is not profiled) must outlive this.
    RunServices(std::size_t threads, RunLog &log, sdk::Profiler *profiler = nullptr)
        : threads_(threads), log_(log), profiler_(profiler) {}

    void warn(std::string_view message) override { log_.write(LogLevel::warning, message); }

    void info(std::string_view message) override { log_.write(LogLevel::info, message); }

    void event(std::string_view kind, std::string_view message) override;

    void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;

    [[nodiscard]] bool cancelled() const override { return cancelled_; }

    [[nodiscard]] std::size_t threads() const override { return threads_; }

    [[nodiscard]] std::size_t replicas() const override { return 1; }

    [[nodiscard]] std::size_t replica_index() const override { return 0; }

    void sum_over_replicas(std::span<float>) override {}

    [[nodiscard]] sdk::Profiler *profiler() const override { return profiler_; }

    /// [any thread]
    void cancel() { cancelled_ = true; }

    void on_progress(OnProgress receiver) { on_progress_ = std::move(receiver); }

    /// The events since the last call.
    [[nodiscard]] std::vector<Event> take_events() { return std::exchange(events_, {}); }

  private:
    void run_parallel(std::size_t count, std::size_t grain, ParallelBody body, const void *state) override;

    std::size_t threads_;
    RunLog &log_;
    sdk::Profiler *profiler_;
    std::atomic<bool> cancelled_ = false;
    OnProgress on_progress_;
    std::vector<Event> events_;
};

} // namespace retort::framework
