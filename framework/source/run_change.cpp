// SPDX-License-Identifier: Apache-2.0
#include "pointer.hpp"
#include "run_implementation.hpp"
#include "set.hpp"

#include <retort/framework/json_text.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace retort::framework {

namespace json = boost::json;

namespace {

json::object set_of(std::span<const std::string> assignments) {
    json::object set;
    for (const std::string &text : assignments) {
        Assignment assignment = parse_assignment(text);
        set[assignment.path] = std::move(assignment.value);
    }
    if (set.empty())
        throw Error(ErrorCode::usage, {}, "there is nothing to change; allowed: at least one /path=value");
    return set;
}

/// Whoever asked knows the settings, not which entry of the manifest they became.
template <class Call> decltype(auto) without_place(const std::string &place, Call &&call) {
    try {
        return call();
    } catch (const Error &error) {
        std::vector<Problem> problems = error.problems();
        for (Problem &problem : problems)
            if (problem.where.starts_with(place))
                problem.where.erase(0, place.size());
        throw Error(error.code(), std::move(problems));
    }
}

} // namespace

std::uint64_t Run::Implementation::epoch_of_change() const {
    if (state_ != State::running || !loop_)
        throw Error(ErrorCode::usage, {}, "no stage is running whose settings could change");
    const std::uint64_t epoch = loop_->next_boundary();
    if (!loop_->is_followed(epoch))
        throw Error(ErrorCode::usage, {},
                    "the last epoch of stage " + plan_.stages[stages_.size()].name +
                        " has begun: no epoch follows in which its settings could change");
    return epoch;
}

Plan Run::Implementation::plan_with_change(std::uint64_t epoch, const json::object &set,
                                           const Registry &registry) const {
    json::value root = plan_.manifest.root();
    json::value &changes = root.as_object()["changes"];
    if (!changes.is_array())
        changes.emplace_array();
    changes.get_array().push_back(json::object{{"epoch", epoch}, {"set", set}});
    return read_plan(Manifest::from_json(std::move(root), plan_.manifest.name(), plan_.manifest.directory()), registry);
}

/// Runs `call` at every replica. Where it throws at one, the others throw too.
template <class Call> void Run::Implementation::agreed(Call &&call) {
    Replicas *replicas = services_.all_replicas();
    std::exception_ptr refused;
    try {
        call();
    } catch (...) {
        refused = std::current_exception();
    }
    const bool refused_elsewhere = replicas != nullptr && replicas->any(refused != nullptr);
    if (refused)
        std::rethrow_exception(refused);
    if (refused_elsewhere)
        throw Error(ErrorCode::usage, {}, "another replica cannot make this change");
}

void Run::Implementation::change(std::span<const std::string> assignments, const Registry &registry) {
    try {
        if (Replicas *replicas = services_.all_replicas()) {
            const std::string asked = to_text(json::array(assignments.begin(), assignments.end()));
            if (replicas->any(replicas->of_first(asked) != asked))
                throw Error(ErrorCode::usage, {}, "the replicas were not all asked for the same change");
        }
        plan_change(assignments, registry);
    } catch (const Error &error) {
        log_.write(LogLevel::info, std::string("a change was refused: ") + error.what());
        throw;
    }
}

void Run::Implementation::plan_change(std::span<const std::string> assignments, const Registry &registry) {
    const std::size_t index = stages_.size();
    const std::uint64_t epoch = epoch_of_change();
    const json::object set = set_of(assignments);
    const std::size_t entry = plan_.resolved.at("changes").as_array().size();
    without_place(pointer_to("/changes", std::to_string(entry)) + "/set", [&] {
        std::optional<Plan> changed;
        agreed([&] {
            changed = plan_with_change(epoch, set, registry);
            const PlannedStage &stage = changed->stages[index];
            if (stage.changes.size() == plan_.stages[index].changes.size())
                throw Error(ErrorCode::manifest, std::string(set.begin()->key()),
                            "lies in a stage that does not run now; allowed: settings of stage " + stage.name);
            components_.check_changes(stage, next_change_, *components_.trainers[index].component);
        });
        take_changes(std::move(*changed));
    });
    log_.write(LogLevel::info, "after epoch " + std::to_string(epoch) + " changes " + to_text(set));
}

/// Recorded before it is made: a run that is killed between the two goes on with it.
void Run::Implementation::take_changes(Plan changed) {
    const std::size_t index = stages_.size();
    Plan next = plan_; // of which an embedder may have changed what no manifest says
    next.stages[index].changes = std::move(changed.stages[index].changes);
    next.resolved["changes"] = changed.resolved.at("changes");
    next.manifest = std::move(changed.manifest);
    std::vector<UsedPlugin> plugins = used_plugins(changed);
    std::vector<json::object> keys = make_keys(next, plugins);
    agreed([&] {
        directory_.write("manifest.json", to_text(next.resolved, JsonLayout::pretty));
        history_.change_keys(std::move(keys));
    });
    plan_.stages[index].changes = std::move(next.stages[index].changes); // names of stages are referred to: they stay
    plan_.resolved = std::move(next.resolved);
    plan_.manifest = std::move(next.manifest);
    plugins_ = std::move(plugins);
}

} // namespace retort::framework
