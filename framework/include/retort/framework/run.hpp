// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/log.hpp>
#include <retort/framework/plan.hpp>
#include <retort/framework/profile.hpp>
#include <retort/framework/replicas.hpp>
#include <retort/sdk/metrics.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// How far a run is, for whoever shows it.
struct RunProgress {
    std::string_view stage;    ///< name
    std::string_view activity; ///< what `prepare` does now ("caching teacher outputs"), or "training", "evaluating"
    std::size_t stage_index = 0;
    std::size_t stages = 0;
    std::uint64_t done = 0; ///< steps, or units of the activity
    std::uint64_t total = 0;
    std::uint64_t done_before = 0;             ///< steps of the stage that an earlier, interrupted run did
    std::uint64_t steps_per_epoch = 0;         ///< 0 outside training
    std::span<const sdk::Metric> metrics = {}; ///< of the last step or epoch
    bool epoch_ended = false;                  ///< metrics are those of an epoch
    double seconds = 0.0;                      ///< since the stage began
};

struct RunOptions {
    std::filesystem::path output;                      ///< run directory; empty: write nothing
    LogSink log;                                       ///< may be empty
    std::function<void(const RunProgress &)> progress; ///< may be empty; called by the training thread

    /// Go on with what is in `output`: that a stage cannot be gone on with, because something changed since, is an
    /// error instead of a reason to begin it anew.
    bool resume = false;
    std::vector<std::string> force = {}; ///< stages to run even though `output` has them with the same key

    /// Measure where the time goes: see Run::profile. The run's bytes are the same. Where the run ends, complete or
    /// not, `output` gets profile.csv, the table, and profile.json, a trace of the first 256 calls of each phase.
    bool profile = false;

    /// The processes that train together, null: this one alone. It must outlive the run. Each makes the same calls of a
    /// run of the same plan and options; the first alone writes into `output`, which all can read, and tells observers.
    /// `log` and `progress` are called at each of them. What ends one run ends all, with one error.
    Replicas *replicas = nullptr;
};

/// What remains to say of a set of weights when its logits are divided by one temperature, which was fitted on the
/// validation data of the model (Guo et al. 2017): its errors are the same.
struct ScaledReport {
    double temperature = 1.0;
    double nll = 0.0;
    double brier = 0.0;
    double ece = 0.0;
    std::vector<sdk::ReliabilityBin> reliability;
};

/// How well predictive entropy tells the examples of another dataset's test split from those of the model's own
/// (Hendrycks and Gimpel 2017), without a temperature.
struct DetectionReport {
    std::string data;       ///< the other dataset
    std::uint64_t size = 0; ///< its examples
    double auroc = 0.0;     ///< area under the ROC curve: 1 where each is less certain than all of the model's own
};

/// What the final report says of one set of weights on the test split. Errors are counted, accuracy = 1 - errors/size.
struct Report {
    std::string model;
    std::string weights; ///< "last" or "selected" (best on validation); "loaded" for a model that no stage trained; of
                         ///< a model without weights "last", where others are its members, else "none"
    std::string stage;   ///< that trained it
    std::string data;
    std::uint64_t size = 0;
    std::uint64_t errors = 0;
    double accuracy = 0.0;
    double nll = 0.0;   ///< nats per example
    double brier = 0.0; ///< summed over classes
    double ece = 0.0;   ///< 15 equal-width bins, top label
    std::uint64_t parameters = 0;
    double seconds = 0.0; ///< of the stage

    std::vector<sdk::ReliabilityBin> reliability = {};     ///< the bins of `ece`
    std::optional<ScaledReport> scaled = {};               ///< nothing where validation data gives no temperature
    std::vector<DetectionReport> out_of_distribution = {}; ///< as the manifest's "report" asks for
};

/// One run of a plan: construct everything, read the data, run the stages, report. Where `output` is an earlier run's
/// folder, a stage whose key is unchanged (settings, data, seed, threads, plugins, and what came before it) is loaded
/// instead of run, and one that was interrupted is gone on with at its last checkpoint: with the same bytes in the end.
/// One thread calls it; `cancel` may come from any. Nothing is printed. Everything a run needs lives in it: two runs
/// may live in one process, and neither plan nor registry need outlive one. Errors of `start`, `step` and `execute`:
/// any ErrorCode; after one the run cannot go on.
class Run {
  public:
    /// Constructs every component of every stage and checks all of it: what `retort validate` does. Reads headers and
    /// sizes of data, computes nothing, writes nothing. Errors: all mistakes at once.
    Run(const Plan &plan, RunOptions options);
    ~Run();
    Run(const Run &) = delete;
    Run &operator=(const Run &) = delete;

    /// Reads the data, creates the run directory. Called by the first `step` when left out.
    void start();

    /// Does the next piece of work: one training step, or the work between two. False when the run is complete.
    bool step();

    /// Steps to the end.
    void execute();

    /// Asks the run to stop: the call in progress ends after its step with Error(ErrorCode::cancelled), the run
    /// directory whole and with a checkpoint of that step. At one replica it stops all. [any thread]
    void cancel();

    /// Other settings for the stage that runs, from the end of its epoch on, or at once between two epochs.
    /// `assignments` as of Manifest::set; what may change, the stage's trainer says: for `adversarial_distillation`, a
    /// discriminator, say. All else goes on untouched. The manifest in the run directory then says it as one of its
    /// "changes", so that a run of that gives the same bytes. `registry`: of what the settings name. Called between two
    /// steps by the thread that steps, never during one. Errors: every mistake at once, as in a manifest;
    /// ErrorCode::usage where no epoch follows; between two epochs, what a component throws while the change is made.
    /// After one the run is as it was, and can go on. A change at the end of an epoch during which a component throws
    /// is a warning, and an event "refused change": the run goes on without it and those planned upon it. Replicas are
    /// all called with the same assignments.
    void change(const std::vector<std::string> &assignments, const Registry &registry);

    /// A model of the manifest with its current weights. Valid as long as the run. Errors of both: ErrorCode::plugin
    /// for an unknown name.
    [[nodiscard]] sdk::Model &model(std::string_view name);
    [[nodiscard]] const sdk::Dataset &dataset(std::string_view name);

    /// What a model with its current weights says of `inputs` [rows, width of its dataset]: the probabilities of the
    /// classes, [rows, classes], the caller's own. Between two steps or after the last, never during one. Errors:
    /// ErrorCode::usage for an unknown model, another width, or a run that was not started.
    [[nodiscard]] sdk::MatrixBuffer predict(std::string_view model, sdk::ConstMatrix inputs);

    /// The final report: last and validation-selected weights of each trained model, in order of stages, then loaded
    /// models. Empty until `step` returned false.
    [[nodiscard]] const std::vector<Report> &reports() const;

    /// Where the time went so far, in this process: each phase is followed by those within it. The work of `start`,
    /// `step` and `change` counts, and not what the caller does between them. Empty unless RunOptions::profile asked
    /// for it. Called between two steps or after the last, also after an error.
    [[nodiscard]] std::vector<ProfiledPhase> profile() const;

    /// Files written, relative to the run directory, in order.
    [[nodiscard]] const std::vector<std::string> &files() const;

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace retort::framework
