// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/run_log.hpp"

#include <retort/framework/replicas.hpp>
#include <retort/sdk/profile.hpp>
#include <retort/sdk/services.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
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

    /// `threads` at least 1; `log`, `profiler` (null: the run is not profiled) and `replicas` (null: one process) must
    /// outlive this.
    RunServices(std::size_t threads, RunLog &log, sdk::Profiler *profiler = nullptr, Replicas *replicas = nullptr,
                sdk::Precision precision = sdk::Precision::f32)
        : threads_(threads), log_(log), profiler_(profiler), replicas_(replicas), precision_(precision) {}

    /// Says the same only once: every component of a kind may have the same to say.
    void warn(std::string_view message) override;

    void info(std::string_view message) override { log_.write(LogLevel::info, message); }

    void event(std::string_view kind, std::string_view message) override;

    void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;

    [[nodiscard]] bool cancelled() const override { return cancelled_; }

    [[nodiscard]] std::size_t threads() const override { return threads_; }

    [[nodiscard]] sdk::Precision precision() const override { return precision_; }

    [[nodiscard]] std::size_t replicas() const override { return replicas_ == nullptr ? 1 : replicas_->count(); }

    [[nodiscard]] std::size_t replica_index() const override { return replicas_ == nullptr ? 0 : replicas_->index(); }

    void sum_over_replicas(std::span<float> values) override { sum(values); }

    void sum_over_replicas(std::span<double> values) override { sum(values); }

    [[nodiscard]] sdk::Profiler *profiler() const override { return profiler_; }

    /// [any thread]
    void cancel() { cancelled_ = true; }

    /// Whether any replica was cancelled; then all are. All replicas ask, at the same moment of the run.
    [[nodiscard]] bool cancelled_anywhere() {
        if (replicas_ == nullptr)
            return cancelled_;
        const bool anywhere = replicas_->any(cancelled_);
        if (anywhere)
            cancelled_ = true;
        return anywhere; // not what `cancelled_` became meanwhile: the others do not know that
    }

    /// Null: one process.
    [[nodiscard]] Replicas *all_replicas() const { return replicas_; }

    /// Whether the error that is on its way is known to all replicas: one of them told it, or they are not in step.
    [[nodiscard]] bool heard_failure() const { return replicas_ != nullptr && replicas_->failed(); }

    void on_progress(OnProgress receiver) { on_progress_ = std::move(receiver); }

    /// The events since the last call.
    [[nodiscard]] std::vector<Event> take_events() { return std::exchange(events_, {}); }

  private:
    void run_parallel(std::size_t count, std::size_t grain, ParallelBody body, const void *state) override;
    void run_on_one_thread(ParallelBody body, const void *state) override;

    template <class Number> void sum(std::span<Number> values) {
        if (replicas_ == nullptr)
            return;
        const sdk::Phase phase(*this, "replicas");
        replicas_->sum(values);
    }

    std::size_t threads_;
    RunLog &log_;
    sdk::Profiler *profiler_;
    Replicas *replicas_;
    const sdk::Precision precision_;
    std::mutex warnings_mutex_;
    std::set<std::string, std::less<>> warnings_; ///< that were said
    std::atomic<bool> cancelled_ = false;
    OnProgress on_progress_;
    std::vector<Event> events_;
};

} // namespace retort::framework
