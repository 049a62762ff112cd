// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/services.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace retort::sdk {

struct Metric {
    std::string_view name;
    double value;
};

/// What an observer is told about the stage that runs.
struct StageInfo {
    std::string_view name;
    std::string_view type;  ///< of the trainer
    std::string_view model; ///< that it trains
    std::uint64_t steps;
    std::uint64_t steps_per_epoch;
};

struct ObserverContext : Context {
    std::string directory; ///< the run directory, absolute; exists from `begin_run` on. Empty: nothing is to be written
};

/// Hears what happens in a run. Steps and epochs are counted from 1 here: "after step 1", "after epoch 1".
/// Views are valid during the call. A run that goes on from a checkpoint calls `begin_run`, restores the state and
/// calls `begin_stage`; steps after the checkpoint are told again, so what was written of them is to be dropped. Stages
/// that are loaded from an earlier run are not told. [training thread]
class RETORT_VISIBLE Observer : public Component {
  public:
    static constexpr std::string_view role = "observer";
    using Context = ObserverContext;

    virtual void begin_run() {}

    virtual void begin_stage(const StageInfo &stage) { (void)stage; }

    virtual void step(const StageInfo &stage, std::uint64_t step, std::span<const Metric> metrics) {
        (void)stage, (void)step, (void)metrics;
    }

    /// After an epoch: the trainer's own figures ("train_accuracy", ...) and those on validation ("validation_nll",
    /// ...).
    virtual void epoch(const StageInfo &stage, std::uint64_t epoch, std::span<const Metric> metrics) {
        (void)stage, (void)epoch, (void)metrics;
    }

    virtual void event(const StageInfo &stage, std::uint64_t step, std::string_view kind, std::string_view message) {
        (void)stage, (void)step, (void)kind, (void)message;
    }

    /// The stage ended (`complete`), or was cancelled or failed. Files must be whole and on disk afterwards.
    virtual void end_stage(const StageInfo &stage, bool complete) { (void)stage, (void)complete; }

    virtual void end_run() {}

    /// Names of the observers whose files it reads: each must stand before it in the manifest. Valid as long as this.
    [[nodiscard]] virtual std::span<const std::string_view> reads() const { return {}; }
};

} // namespace retort::sdk
