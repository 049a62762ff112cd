// SPDX-License-Identifier: Apache-2.0
#include "stage_history.hpp"

#include "../support/names.hpp"

#include <algorithm>
#include <utility>

namespace retort::framework {

namespace {

bool contains(const std::vector<std::string> &names, const std::string &name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The stage that was running when an unfinished run came to its end.
std::vector<StageRemains>::iterator first_incomplete(std::vector<StageRemains> &remains) {
    return std::find_if(remains.begin(), remains.end(), [](const auto &stage) { return !stage.complete; });
}

} // namespace

StageHistory::StageHistory(const Plan &plan, const RunOptions &options, RunDirectory &directory, RunLog &log)
    : plan_(plan), resume_(options.resume), force_(options.force), directory_(directory), log_(log),
      checkpoints_(directory.path(), plan.checkpoints.keep, log), remains_(plan.stages.size()) {
    check_forced();
}

void StageHistory::check_forced() const {
    const std::vector<std::string> names = names_in(plan_.stages);
    for (const std::string &stage : force_)
        if (!contains(names, stage))
            throw Error(ErrorCode::usage, "--force", sdk::unknown_name("stage", stage, names));
}

bool StageHistory::look_back(std::vector<boost::json::object> keys) {
    if (!directory_.enabled())
        return false;
    if (resume_ && !directory_.holds_run())
        throw Error(ErrorCode::output, directory_.path().string(), "there is no run in this folder to go on with");
    keys_ = std::move(keys);
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < remains_.size(); ++i) {
        look_back_at(i);
        kept.insert(kept.end(), remains_[i].files.begin(), remains_[i].files.end());
    }
    checkpoints_.remove_others(names_in(plan_.stages));
    const bool keeps = !kept.empty();
    if (keeps)
        kept.emplace(kept.begin(), "log.txt");
    const std::vector<std::string> strays = directory_.create(kept);
    if (const auto interrupted = first_incomplete(remains_); interrupted != remains_.end())
        interrupted->files.insert(interrupted->files.end(), strays.begin(), strays.end());
    return keeps;
}

void StageHistory::follow(std::vector<boost::json::object> keys) {
    keys_ = std::move(keys);
    for (std::size_t i = 0; i < remains_.size(); ++i)
        find(i);
}

std::string StageHistory::found() const {
    std::string text;
    for (std::size_t i = 0; i < remains_.size(); ++i) {
        const std::optional<StateFile> &checkpoint = remains_[i].checkpoint;
        text += (i == 0 ? "" : ", ") + plan_.stages[i].name + " " +
                (remains_[i].complete ? "complete"
                 : checkpoint         ? std::to_string(checkpoint->header().at("step").to_number<std::uint64_t>())
                                      : "not begun");
    }
    return text;
}

void StageHistory::find(std::size_t stage) {
    if (!contains(force_, plan_.stages[stage].name))
        remains_[stage] = checkpoints_.find(plan_.stages[stage].name, keys_[stage]);
}

void StageHistory::look_back_at(std::size_t stage) {
    const std::string &name = plan_.stages[stage].name;
    StageRemains &remains = remains_[stage];
    find(stage);
    if (resume_ && !remains.differences.empty())
        throw Error(ErrorCode::output, directory_.path().string(),
                    "stage " + name + " cannot be gone on with, for this changed since: " + remains.differences);
    if (!remains.differences.empty())
        log_.write(LogLevel::info, "stage " + name + " runs anew, for this changed: " + remains.differences);
    if (!remains.checkpoint)
        checkpoints_.remove(name, remains.complete.has_value());
}

void StageHistory::begin(std::size_t index) {
    stage_ = index;
    first_file_ = directory_.files().size();
}

void StageHistory::keep(StageLoop &loop) {
    if (!directory_.enabled())
        return;
    directory_.collect();
    checkpoints_.write(plan_.stages[stage_].name, keys_[stage_], stage_files(), loop);
}

void StageHistory::change_keys(std::vector<boost::json::object> keys) {
    if (keys_.empty())
        return;
    for (std::size_t i = stage_ + 1; i < keys.size(); ++i) {
        if (keys[i] == keys_[i])
            continue;
        remains_[i].complete.reset(); // its files stay its own, and are written anew
        remains_[i].checkpoint.reset();
        remains_[i].weights.clear();
        if (directory_.enabled())
            checkpoints_.remove(plan_.stages[i].name, false);
    }
    keys_ = std::move(keys);
}

void StageHistory::complete(const StageRecord &stage, const std::vector<std::string> &weights) {
    if (!directory_.enabled())
        return;
    directory_.collect();
    checkpoints_.complete(stage, keys_[stage_], stage_files(), weights);
}

/// Those of the stage that was begun.
std::vector<std::string> StageHistory::stage_files() const {
    std::vector<std::string> files = remains_[stage_].files;
    const std::vector<std::string> &all = directory_.files();
    files.insert(files.end(), all.begin() + static_cast<std::ptrdiff_t>(first_file_), all.end());
    return files;
}

} // namespace retort::framework
