// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/services.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace retort::sdk {

/// Receives named numbers. Names are the columns of the metric files; a trainer reports the same names at every step.
/// [training thread]
class RETORT_VISIBLE Metrics {
  public:
    virtual void add(std::string_view name, double value) = 0;

  protected:
    Metrics() = default;
    ~Metrics() = default;
    Metrics(const Metrics &) = default;
    Metrics &operator=(const Metrics &) = default;
};

/// The models and datasets of the manifest, by name. Names were checked when the settings were read.
class RETORT_VISIBLE Parts : public Models {
  public:
    /// Reading the test split of it throws: only the framework's final report may.
    [[nodiscard]] virtual const Dataset &dataset(std::string_view name) = 0;

    /// The stream of a dataset's order: stages that share it see the examples in the same order.
    [[nodiscard]] virtual Random dataset_random(std::string_view name) = 0;

  protected:
    Parts() = default;
    ~Parts() = default;
    Parts(const Parts &) = default;
    Parts &operator=(const Parts &) = default;
};

struct TrainerContext : Context {
    Parts &parts;
};

/// One stage of a run. The trainer does one step at a time; the framework owns the loop around it: stopping,
/// checkpoints, when to evaluate, observers and the guard against NaN.
class RETORT_VISIBLE Trainer : public Component {
  public:
    static constexpr std::string_view role = "trainer";
    using Context = TrainerContext;

    /// Name of the model whose weights this stage changes; at the end its last and validation-selected weights are
    /// saved. The names come from the settings and are valid as long as the trainer.
    [[nodiscard]] virtual std::string_view trains() const = 0;

    /// An optional ability: names of further models whose weights this stage writes, samples of the first one's on the
    /// way, say. What they are at the end is saved. Valid as long as the trainer.
    [[nodiscard]] virtual std::span<const std::string> also_trains() const { return {}; }

    /// Before the first step: initial values of everything that is the trainer's own (not of models), fitting,
    /// caching. Cancellable, reports progress. `restored`: the state was just restored, so build only what is derived
    /// from it.
    virtual void prepare(bool restored) = 0;

    [[nodiscard]] virtual std::uint64_t steps() const = 0;

    [[nodiscard]] virtual std::uint64_t steps_per_epoch() const = 0;

    /// Step `k`, counted from 0.
    virtual void step(std::uint64_t k, Metrics &metrics) = 0;

    /// Adds at least "accuracy" and "nll" of the trained model on train or validation data; never test.
    virtual void evaluate(Split split, Metrics &metrics) = 0;

    /// Figures that belong to the epoch just finished (running means of its steps) and start afresh with the next.
    virtual void end_epoch(Metrics &metrics) { (void)metrics; }

    /// An optional ability: whether replicas of it in several processes train as one would. Each takes its share of
    /// every batch (EpochBatches::at), sums gradients and figures of a step over all (Services::sum_over_replicas) and
    /// scales means by its part of the rows (share_of), so that parameters and state are the same at all of them after
    /// every step. Others are refused where there is more than one replica.
    [[nodiscard]] virtual bool shares_batches() const { return false; }

    /// An optional ability: other settings from the end of an epoch on. `settings` are JSON pointers, within the
    /// stage's, to those that will differ; where a component's type does, to its "type" alone. Reports each that cannot
    /// change while the stage runs, and changes nothing. Whether their new values are sound is for the constructor to
    /// say, to which they go first.
    virtual void check_change(std::span<const std::string> settings, Problems &problems) const {
        for (const std::string &pointer : settings)
            problems.add(pointer, "this trainer takes no changes while it runs");
    }

    /// Makes a change that `check_change` had nothing against, between two epochs. `changed` is a source of parts: a
    /// trainer that the same factory constructed in this one's context from the changed settings, never prepared, and
    /// dropped afterwards. What the settings do not name goes on untouched; what is new draws its first values from
    /// `random`. Afterwards `visit_state` shows what it would show in a trainer of the changed settings, and a run that
    /// goes on from there with such a trainer gives the same bytes. Cancellable. Where it throws, this trainer must be
    /// as it was, to the bytes of the steps that follow: the change is refused, and the stage goes on without it.
    virtual void change(Trainer &changed, std::span<const std::string> settings, Random random) {
        (void)changed, (void)settings, (void)random;
    }
};

} // namespace retort::sdk
