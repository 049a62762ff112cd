// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../components/components.hpp"
#include "../components/observers.hpp"
#include "../components/services.hpp"
#include "../support/run_log.hpp"
#include "final_report.hpp"
#include "progress.hpp"
#include "result.hpp"
#include "run_directory.hpp"
#include "run_profiler.hpp"
#include "stage_history.hpp"
#include "stage_loop.hpp"

#include <retort/framework/run.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// Threads that a run of `plan` uses, at each replica.
[[nodiscard]] std::size_t threads_of(const Plan &plan, const Replicas *replicas = nullptr);

/// The course of a run: stages one after the other, then the report. Methods as in Run.
class Run::Implementation {
  public:
    Implementation(const Plan &plan, RunOptions options);

    [[nodiscard]] std::size_t threads() const { return services_.threads(); }

    void start();
    bool step();

    void cancel() { services_.cancel(); }

    void change(std::span<const std::string> assignments, const Registry &registry);

    [[nodiscard]] sdk::Model &model(std::string_view name);
    [[nodiscard]] const sdk::Dataset &dataset(std::string_view name);

    [[nodiscard]] sdk::MatrixBuffer predict(std::string_view model, sdk::ConstMatrix inputs);

    [[nodiscard]] const std::vector<Report> &reports() const { return reports_; }

    [[nodiscard]] std::vector<ProfiledPhase> profile() const {
        return profiler_ ? profiler_->phases() : std::vector<ProfiledPhase>{};
    }

    [[nodiscard]] const std::vector<std::string> &files() const { return directory_.files(); }

  private:
    enum class State { constructed, running, complete, failed };

    void start_running();
    void look_at_trainers();
    [[nodiscard]] bool look_back(std::vector<boost::json::object> keys);
    void check_start(Replicas &replicas, const std::vector<boost::json::object> &keys) const;
    [[nodiscard]] std::vector<boost::json::object> make_keys(const Plan &plan, std::span<const UsedPlugin> plugins);
    bool advance();
    void advance_stage();
    void keep_checkpoint();
    std::optional<Error> make_changes();
    std::optional<Error> change_at_once();
    void check_agreed(const std::optional<Error> &refused);
    void refuse_changes(const Error &reason);
    void plan_change(std::span<const std::string> assignments, const Registry &registry);
    [[nodiscard]] std::uint64_t epoch_of_change() const;
    [[nodiscard]] Plan plan_with_change(std::uint64_t epoch, const boost::json::object &set,
                                        const Registry &registry) const;
    void take_changes(Plan changed);
    void begin_stage();
    void keep_weights(std::string_view model);
    void change_before(const StateFile &checkpoint);
    void load_stage(StageRemains &remains);
    void end_stage();
    [[noreturn]] void stop();
    void save_last_good();
    bool advance_report();
    void finish();
    [[nodiscard]] std::string weights_of_stage(const StageRecord &stage, const std::string &model,
                                               std::string_view which) const;
    void digest_fixed_models();
    std::string save_weights(std::string_view model, std::string_view which, std::span<float> values);
    void write_profile();
    void write_result();
    [[nodiscard]] bool validates(const PlannedStage &stage);
    void throw_if_cancelled();
    template <class Call> auto failing(Call &&call);
    template <class Call> void agreed(Call &&call);
    void fail(const Error &error);

    Plan plan_;
    RunLog log_;
    std::unique_ptr<RunProfiler> profiler_; ///< null: not profiled
    RunServices services_;
    ProgressTeller progress_;
    std::vector<UsedPlugin> plugins_;
    bool writes_; ///< the first replica alone does
    RunDirectory directory_;
    StageHistory history_;
    Components components_;
    Observers observers_;
    State state_ = State::constructed;
    std::vector<std::vector<std::string>> trained_; ///< by each stage, once the run started: `trained_models`
    std::vector<StageRecord> stages_;               ///< complete ones
    std::unique_ptr<StageLoop> loop_;               ///< of the stage that runs
    std::size_t next_change_ = 0;                   ///< of that stage
    boost::json::object data_;                      ///< digests of what was read, for keys
    boost::json::object weights_;                   ///< likewise of what was loaded
    std::unique_ptr<FinalReport> report_;
    std::vector<Report> reports_;
    std::string started_;
    std::chrono::steady_clock::time_point begin_;
};

/// After an error the run cannot go on: the stage is told, what was written stays whole, and then the other replicas
/// hear of it.
template <class Call> auto Run::Implementation::failing(Call &&call) {
    try {
        return call();
    } catch (const Error &error) {
        if (error.code() == ErrorCode::training)
            save_last_good();
        fail(error);
        throw;
    } catch (const std::exception &error) {
        fail({ErrorCode::internal, {}, error.what()});
        throw;
    } catch (...) { // of an embedder's callback
        fail({ErrorCode::internal, {}, unknown_exception});
        throw;
    }
}

} // namespace retort::framework
