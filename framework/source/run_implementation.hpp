// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checkpoints.hpp"
#include "components.hpp"
#include "final_report.hpp"
#include "observers.hpp"
#include "progress.hpp"
#include "result.hpp"
#include "run_directory.hpp"
#include "run_log.hpp"
#include "services.hpp"
#include "stage_loop.hpp"

#include <retort/framework/run.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// Threads that a run of `plan` uses.
[[nodiscard]] std::size_t threads_of(const Plan &plan);

/// The course of a run: stages one after the other, then the report. Methods as in Run.
class Run::Implementation {
  public:
    Implementation(const Plan &plan, RunOptions options);

    [[nodiscard]] std::size_t threads() const { return services_.threads(); }

    void start();
    bool step();

    void cancel() { services_.cancel(); }

    [[nodiscard]] sdk::Model &model(std::string_view name);
    [[nodiscard]] const sdk::Dataset &dataset(std::string_view name);

    [[nodiscard]] sdk::MatrixBuffer predict(std::string_view model, sdk::ConstMatrix inputs);

    [[nodiscard]] const std::vector<Report> &reports() const { return reports_; }

    [[nodiscard]] const std::vector<std::string> &files() const { return directory_.files(); }

  private:
    enum class State { constructed, running, complete, failed };

    void start_running();
    [[nodiscard]] boost::json::object check_datasets();
    [[nodiscard]] std::vector<std::string> look_back(const boost::json::object &data);
    void look_back_at(std::size_t stage);
    [[nodiscard]] bool forced(const std::string &stage) const;
    void check_forced() const;
    bool advance();
    void begin_stage();
    void load_stage(std::size_t index);
    void keep_stage();
    [[nodiscard]] std::vector<std::string> stage_files() const;
    void end_stage();
    [[noreturn]] void stop();
    void save_last_good();
    bool advance_report();
    void finish();
    std::string save_weights(std::string_view model, std::string_view which, std::span<float> values);
    void write_result();
    [[nodiscard]] bool validates(const PlannedStage &stage);
    void throw_if_cancelled() const;
    template <class Call> auto failing(Call &&call);
    void fail(std::string_view message);

    Plan plan_;
    bool resume_;
    std::vector<std::string> force_;
    RunLog log_;
    RunServices services_;
    ProgressTeller progress_;
    std::vector<UsedPlugin> plugins_;
    RunDirectory directory_;
    Checkpoints checkpoints_;
    Components components_;
    Observers observers_;
    State state_ = State::constructed;
    std::vector<boost::json::object> keys_; ///< of all stages
    std::vector<StageRemains> remains_;     ///< of all stages, from an earlier run
    std::size_t first_file_ = 0;            ///< of the stage that runs, in `directory_.files()`
    std::vector<StageRecord> stages_;       ///< complete ones
    std::unique_ptr<StageLoop> loop_;       ///< of the stage that runs
    std::unique_ptr<FinalReport> report_;
    std::vector<Report> reports_;
    std::string started_;
    std::chrono::steady_clock::time_point begin_;
};

} // namespace retort::framework
