// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../files/state_file.hpp"
#include "../support/run_log.hpp"
#include "stage_loop.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// What is left of a stage in the run directory.
struct StageRemains {
    std::optional<StageRecord> complete; ///< the stage as it ended, without `last` and `selected`
    std::vector<std::string> weights;    ///< of a complete stage: files of `last` and `selected`, in this order
    std::optional<StateFile> checkpoint; ///< of a stage that did not end
    std::vector<std::string> files;      ///< that the stage wrote, relative to the run directory
    std::string differences;             ///< why nothing of what is there can be used; empty: nothing is there
};

/// The checkpoints of a run, in `checkpoints` of its directory: while a stage runs `<stage>.<step>.checkpoint`, see
/// StateFile, and once it is complete `<stage>.json`, which names its weights with their digests.
class Checkpoints {
  public:
    /// `run`: the run directory, absolute; empty: nothing is kept. `keep`: how many of a stage's latest checkpoints
    /// stay, beside that of its selected epoch. `log` must outlive this.
    Checkpoints(std::filesystem::path run, std::uint64_t keep, RunLog &log);

    /// What is there of `stage` that has the key `key`. A damaged checkpoint is named in the log, and the one before it
    /// taken.
    [[nodiscard]] StageRemains find(const std::string &stage, const boost::json::object &key) const;

    /// Removes all that is there of `stage`; of one that is `complete`, only what it no longer needs.
    void remove(const std::string &stage, bool complete) const;

    /// Removes all that is there of stages that are not in `stages`.
    void remove_others(const std::vector<std::string> &stages) const;

    /// Keeps the stage as it is now, and removes checkpoints of it that are no longer wanted. Errors:
    /// ErrorCode::output; those that were there remain.
    void write(const std::string &stage, const boost::json::object &key, const std::vector<std::string> &files,
               StageLoop &loop) const;

    /// Keeps the complete stage, whose weights are in `weights`, and removes its checkpoints.
    void complete(const StageRecord &stage, const boost::json::object &key, const std::vector<std::string> &files,
                  const std::vector<std::string> &weights) const;

  private:
    struct Found {
        std::uint64_t step;
        std::filesystem::path path;
    };

    [[nodiscard]] std::filesystem::path record_of(const std::string &stage) const;
    [[nodiscard]] std::vector<Found> list(const std::string &stage) const;
    void find_complete(const std::string &stage, const boost::json::object &key, StageRemains &remains) const;
    void find_checkpoint(const std::string &stage, const boost::json::object &key, StageRemains &remains) const;
    void prune(const std::string &stage, std::uint64_t newest, std::uint64_t selected) const;

    std::filesystem::path run_;
    std::filesystem::path folder_;
    std::uint64_t keep_;
    RunLog &log_;
};

} // namespace retort::framework
