// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../components/components.hpp"
#include "../components/observers.hpp"
#include "../components/services.hpp"
#include "../files/state_file.hpp"
#include "metric_buffer.hpp"
#include "progress.hpp"
#include "selection.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort::framework {

/// What the loop around a trainer works with. All of it outlives the loop.
struct LoopSurroundings {
    Components &components;
    RunServices &services;
    RunLog &log;
    Observers &observers;
    ProgressTeller &progress;
};

/// A model that a stage writes beside the one that it trains.
struct OtherModel {
    std::string model;
    std::vector<float> last = {}; ///< values at the end; empty: those the model has
};

/// What remains of a stage that is complete.
struct StageRecord {
    std::string name;
    std::string type;
    std::string model; ///< that it trained
    std::uint64_t steps = 0;
    std::uint64_t steps_per_epoch = 0;
    double seconds = 0.0;
    std::uint64_t selected_epoch = 0;                         ///< counted from 1; 0: nothing was selected
    std::vector<float> last = {};                             ///< values at the end; empty: those the model has
    std::vector<float> selected = {};                         ///< those best on validation; empty: nothing was selected
    std::vector<std::pair<std::string, double>> metrics = {}; ///< of the last epoch
    std::vector<OtherModel> others = {};
};

/// One stage: the loop around one trainer. A stage that is dropped before `finish` counts as failed or cancelled, and
/// observers are told.
class StageLoop {
  public:
    /// Tells observers that the stage begins. `validates`: whether there is validation data to evaluate on.
    /// `checkpoint`: a stage to go on with, null to begin it. Errors: ErrorCode::data when the checkpoint does not fit.
    StageLoop(LoopSurroundings surroundings, Built<sdk::Trainer> &trainer, std::string type, bool validates,
              const StateFile *checkpoint = nullptr);
    ~StageLoop();
    StageLoop(const StageLoop &) = delete;
    StageLoop &operator=(const StageLoop &) = delete;

    void prepare();

    /// One training step, and the end of the epoch when it is due. False, without a step, when all are done. In a
    /// steady step nothing is allocated here.
    bool step();

    /// Steps done.
    [[nodiscard]] std::uint64_t done() const { return done_; }

    [[nodiscard]] bool at_end() const { return done_ == info_.steps; }

    /// Whether the step just done ended an epoch.
    [[nodiscard]] bool epoch_ended() const { return done_ > 0 && (at_end() || done_ % info_.steps_per_epoch == 0); }

    /// How many epochs have begun.
    [[nodiscard]] std::uint64_t epochs_begun() const {
        return (done_ + info_.steps_per_epoch - 1) / info_.steps_per_epoch;
    }

    /// The epoch after which settings can change next: the one that ended, between two, else the one that runs. The
    /// last one, where there is none.
    [[nodiscard]] std::uint64_t next_boundary() const { return std::max<std::uint64_t>(1, epochs_begun()); }

    /// Whether an epoch ended and another follows.
    [[nodiscard]] bool between_epochs() const { return epoch_ended() && !at_end(); }

    /// Whether `epoch` is one that others follow.
    [[nodiscard]] bool is_followed(std::uint64_t epoch) const { return epoch * info_.steps_per_epoch < info_.steps; }

    /// Between two epochs: makes a change, and tells of it. Returns why that cannot be done, the stage being as it was;
    /// nothing where it was done. Errors: of what is no fault of the change, after which the run cannot go on.
    [[nodiscard]] std::optional<Error> change(const PlannedChange &change);

    /// Tells, as an event, that a change is not made.
    void refuse(const PlannedChange &change, const std::string &reason);

    /// Step after which the selected epoch ended; 0 if nothing is selected yet.
    [[nodiscard]] std::uint64_t selected_step() const;

    /// Everything that decides how the stage goes on: its model, trainer, observers and the loop itself.
    void visit_state(sdk::StateVisitor &visitor);

    /// Checks that the state of model and trainer is the same at all replicas. Errors: ErrorCode::plugin, naming the
    /// first array that is not.
    void check_replicas();

    /// Tells observers that the stage is complete. Errors: ErrorCode::training when the last step left weights that are
    /// no numbers.
    StageRecord finish();

  private:
    void begin(const StateFile *checkpoint);
    template <class Call> void call_trainer(Call &&call);
    template <class Call> void naming_step(Call &&call);
    void make_change(const PlannedChange &change);
    void make_step();
    void end_epoch();
    void gather_epoch_metrics();
    void select(std::uint64_t epoch);
    void check_finite(const MetricBuffer &metrics) const;
    void check_weights() const;
    [[nodiscard]] std::string at_step() const;
    [[noreturn]] void diverged(const std::string &what) const;
    void tell_events();
    void tell_last_events() noexcept;
    void log_epoch(std::uint64_t epoch);
    void visit_components(sdk::StateVisitor &visitor);

    LoopSurroundings surroundings_;
    Built<sdk::Trainer> &trainer_;
    std::string type_;
    sdk::StageInfo info_;
    std::vector<std::string> others_; ///< models that are written beside the one that is trained
    sdk::Parameters trained_;
    bool validates_;
    bool finished_ = false;
    bool restored_ = false;
    std::uint64_t done_ = 0;      ///< steps
    double seconds_ = 0.0;        ///< of the stage, as of the last checkpoint
    double seconds_before_ = 0.0; ///< of the stage in processes before this one
    MetricBuffer step_metrics_;
    MetricBuffer epoch_metrics_;
    Selection selection_;
};

} // namespace retort::framework
