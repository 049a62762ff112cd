// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checkpoints.hpp"
#include "run_directory.hpp"

#include <retort/framework/run.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace retort::framework {

/// What a run can use of an earlier one in its directory, and what it leaves there for a later one. Without a directory
/// there is nothing to use, and nothing is left.
class StageHistory {
  public:
    /// All but `options` must outlive this. Errors: ErrorCode::usage for an unknown name in `options.force`.
    StageHistory(const Plan &plan, const RunOptions &options, RunDirectory &directory, RunLog &log);

    /// Finds out what is there of each stage, by its key, and creates the locked directory with that and nothing else
    /// of an earlier run. Returns whether anything is kept. Errors: ErrorCode::output when the run was to be gone on
    /// with and cannot be.
    bool look_back(std::vector<boost::json::object> keys);

    /// Likewise where another replica has done that: finds the same, and changes nothing.
    void follow(std::vector<boost::json::object> keys);

    /// What was found of every stage, for a comparison with another replica: "teach complete, distil 469".
    [[nodiscard]] std::string found() const;

    /// Of the stage `index`. After `look_back`.
    [[nodiscard]] StageRemains &remains(std::size_t index) { return remains_[index]; }

    /// From here on what appears in the directory is the stage's.
    void begin(std::size_t index);

    /// Keeps a checkpoint of the stage that was begun.
    void keep(StageLoop &loop);

    /// The stages have other keys from here on, for a change was asked for in the one that was begun. A later one whose
    /// key is another now runs anew.
    void change_keys(std::vector<boost::json::object> keys);

    /// The stage that was begun is complete, its weights in these files.
    void complete(const StageRecord &stage, const std::vector<std::string> &weights);

  private:
    void check_forced() const;
    void find(std::size_t stage);
    void look_back_at(std::size_t stage);
    [[nodiscard]] std::vector<std::string> stage_files() const;

    const Plan &plan_;
    bool resume_;
    std::vector<std::string> force_;
    RunDirectory &directory_;
    RunLog &log_;
    Checkpoints checkpoints_;
    std::vector<boost::json::object> keys_; ///< of all stages
    std::vector<StageRemains> remains_;     ///< likewise
    std::size_t stage_ = 0;                 ///< that was begun
    std::size_t first_file_ = 0;            ///< of it, in the directory's list
};

} // namespace retort::framework
