// SPDX-License-Identifier: Apache-2.0
#include "change_planner.hpp"

#include "../support/names.hpp"
#include "changed_settings.hpp"
#include "pointer.hpp"
#include "set.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr const char *allowed_paths = "settings of one stage, such as /stages/distil/adversaries/main/lambda";

/// A stage as the changes so far leave it.
struct StageState {
    json::value root;     ///< of the manifest, with the changes of this stage
    json::value settings; ///< resolved
};

class ChangePlanner {
  public:
    ChangePlanner(Plan &plan, const std::vector<ChangeSettings> &changes, const Registry &registry)
        : plan_(plan), changes_(changes), registry_(registry), resolved_(changes.size()) {}

    void plan() {
        std::vector<std::size_t> order(changes_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return changes_[a].epoch < changes_[b].epoch; });
        for (const std::size_t index : order)
            add(index);
        if (!problems_.empty())
            throw Error(code_, problems_);
        plan_.resolved["changes"] = resolved_;
    }

  private:
    void problem(std::size_t index, const std::string &pointer, const std::string &message) {
        add_problems(index, {ErrorCode::manifest, pointer, message});
    }

    /// What `error` says of the manifest as the change leaves it.
    void add_problems(std::size_t index, const Error &error) {
        code_ = problems_.empty() || error.code() != ErrorCode::plugin ? error.code() : code_;
        for (Problem problem : error.problems()) {
            problem.where = place_of(index) + "/set" + problem.where;
            problems_.push_back(std::move(problem));
        }
    }

    static std::string place_of(std::size_t index) { return pointer_to("/changes", std::to_string(index)); }

    void add(std::size_t index) {
        const std::size_t before = problems_.size();
        const std::optional<std::size_t> stage = stage_of(index);
        if (!stage || broken_.count(*stage) != 0)
            return;
        try {
            make(index, *stage);
        } catch (const Error &error) {
            add_problems(index, error);
        }
        if (problems_.size() > before) // what comes after it would only repeat the complaint
            broken_.insert(*stage);
    }

    /// The stage that all settings of a change lie in; nothing after a mistake.
    std::optional<std::size_t> stage_of(std::size_t index) {
        std::optional<std::size_t> stage;
        for (const auto &[key, value] : changes_[index].set) {
            const std::string path(key);
            const std::optional<std::size_t> found = stage_at(path);
            if (!found)
                problem(index, path, std::string("lies in no stage; allowed: ") + allowed_paths);
            else if (stage && stage != found)
                problem(index, path,
                        "lies in another stage than the settings before it; allowed: settings of one "
                        "stage");
            if (!found || (stage && stage != found))
                return {};
            stage = found;
        }
        return stage;
    }

    [[nodiscard]] std::optional<std::size_t> stage_at(const std::string &path) const {
        const std::vector<std::string> tokens = pointer_tokens(path);
        if (tokens.size() < 3 || tokens[0] != "stages")
            return {};
        for (std::size_t i = 0; i < plan_.stages.size(); ++i)
            if (tokens[1] == plan_.stages[i].name || tokens[1] == std::to_string(i))
                return i;
        return {};
    }

    StageState &state_of(std::size_t stage) {
        const auto [found, is_new] = states_.try_emplace(stage);
        if (is_new)
            found->second = {plan_.manifest.root(), plan_.resolved.at("stages").as_array().at(stage)};
        return found->second;
    }

    void make(std::size_t index, std::size_t stage) {
        StageState &state = state_of(stage);
        StageState next = state;
        PlannedChange change{changes_[index].epoch, place_of(index), {}, {}, {}};
        const std::vector<Assigned> assigned = assign_all(changes_[index].set, next.root, change.dropped);
        Plan after = read(next.root);
        next.settings = after.resolved.at("stages").as_array().at(stage);
        change.settings = settings_of(stage, assigned, state.settings, next.settings);
        if (!may_change(index, change.settings))
            return;
        change.trainer = static_cast<Planned<sdk::Trainer> &&>(after.stages[stage]);
        change.resolved = next.settings;
        resolved_[index] = {{"epoch", change.epoch}, {"set", assignments_for(change.settings, next.settings)}};
        plan_.stages[stage].changes.push_back(std::move(change));
        use(after.used);
        state = std::move(next);
    }

    [[nodiscard]] std::vector<Assigned> assign_all(const json::object &set, json::value &root,
                                                   std::vector<std::string> &dropped) const {
        std::vector<Assigned> result;
        for (const auto &[path, value] : set) {
            Assigned assigned = assign(root, {std::string(path), value}, registry_);
            dropped.insert(dropped.end(), assigned.dropped.begin(), assigned.dropped.end());
            result.push_back(std::move(assigned));
        }
        return result;
    }

    [[nodiscard]] Plan read(const json::value &root) const {
        std::vector<ChangeSettings> unused;
        return read_beginning(Manifest::from_json(root, plan_.manifest.name(), plan_.manifest.directory()), registry_,
                              unused);
    }

    /// What differs, and types that are set to what they were.
    [[nodiscard]] std::vector<ChangedSetting> settings_of(std::size_t stage, const std::vector<Assigned> &assigned,
                                                          const json::value &before, const json::value &after) const {
        std::vector<ChangedSetting> settings =
            changed_settings(before, after, pointer_to("/stages", plan_.stages[stage].name));
        for (const Assigned &one : assigned)
            if (std::optional<ChangedSetting> anew = set_anew(one, before, after))
                settings.push_back(std::move(*anew));
        return settings;
    }

    /// A type that was set to what it was; nothing if it was another, or no type.
    static std::optional<ChangedSetting> set_anew(const Assigned &assigned, const json::value &before,
                                                  const json::value &after) {
        const std::string pointer = assigned.pointer.substr(assigned.pointer.find('/', std::string("/stages/").size()));
        boost::json::error_code error;
        const json::value *then = before.find_pointer(pointer, error);
        const json::value *now = after.find_pointer(pointer, error);
        if (!pointer.ends_with("/type") || then == nullptr || now == nullptr || *then != *now)
            return {};
        return ChangedSetting{pointer, assigned.path, *then, *now};
    }

    /// The stage itself stays what it is; the rest is for its trainer to say.
    bool may_change(std::size_t index, const std::vector<ChangedSetting> &settings) {
        const std::size_t before = problems_.size();
        if (settings.empty())
            problem(index, {}, "changes nothing: every setting has its value already");
        for (const ChangedSetting &setting : settings)
            if (setting.pointer == "/type" || setting.pointer == "/name")
                problem(index, setting.path, "what a stage is and is called cannot change");
        return problems_.size() == before;
    }

    void use(const std::vector<const Entry *> &used) {
        for (const Entry *entry : used)
            if (std::find(plan_.used.begin(), plan_.used.end(), entry) == plan_.used.end())
                plan_.used.push_back(entry);
    }

    Plan &plan_;
    const std::vector<ChangeSettings> &changes_;
    const Registry &registry_;
    std::map<std::size_t, StageState> states_; ///< by stage
    std::set<std::size_t> broken_;             ///< stages with a change that is a mistake
    json::array resolved_;                     ///< in the order of the manifest
    std::vector<Problem> problems_;
    ErrorCode code_ = ErrorCode::manifest;
};

} // namespace

void plan_changes(Plan &plan, const std::vector<ChangeSettings> &changes, const Registry &registry) {
    ChangePlanner(plan, changes, registry).plan();
}

} // namespace retort::framework
