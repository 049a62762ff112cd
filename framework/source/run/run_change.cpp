// SPDX-License-Identifier: Apache-2.0
#include "../manifest/pointer.hpp"
#include "../manifest/set.hpp"
#include "run_implementation.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/sdk/profile.hpp>

#include <exception>
#include <map>
#include <optional>
#include <set>
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

/// Leaves out the changes of a stage from `first` on.
void leave_out_changes(Plan &plan, std::size_t stage, std::size_t first) {
    std::vector<PlannedChange> &changes = plan.stages[stage].changes;
    std::set<std::string> left_out;
    for (std::size_t i = first; i < changes.size(); ++i)
        left_out.insert(changes[i].pointer);
    changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(first), changes.end());

    json::value root = plan.manifest.root();
    const json::array written = std::exchange(root.as_object()["changes"].get_array(), {});
    const json::array resolved = std::exchange(plan.resolved["changes"].get_array(), {});
    std::map<std::string, std::string> places; // of those that stay, as they are from now on
    for (std::size_t i = 0; i < written.size(); ++i) {
        const std::string place = pointer_to("/changes", std::to_string(i));
        if (left_out.count(place) != 0)
            continue;
        json::array &kept = root.as_object()["changes"].get_array();
        places[place] = pointer_to("/changes", std::to_string(kept.size()));
        kept.push_back(written[i]);
        plan.resolved["changes"].get_array().push_back(resolved[i]);
    }
    for (PlannedStage &other : plan.stages)
        for (PlannedChange &change : other.changes)
            change.pointer = places.at(change.pointer);
    plan.manifest = Manifest::from_json(std::move(root), plan.manifest.name(), plan.manifest.directory());
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
    if (!loop_->between_epochs())
        return;
    if (const std::optional<Error> refused = change_at_once()) {
        log_.write(LogLevel::info, std::string("a change was refused: ") + refused->what());
        throw Error(*refused);
    }
}

/// Between two epochs whoever asks hears whether the change could be made.
std::optional<Error> Run::Implementation::change_at_once() {
    if (profiler_)
        profiler_->use_this_thread();
    const sdk::Phase run(services_, "run");
    const sdk::Phase stage(services_, plan_.stages[stages_.size()].name);
    return failing([this] { return make_changes(); });
}

/// After the checkpoint of the epoch's end, which is of the settings before. Returns why one was refused: with it go
/// those that were planned upon it.
std::optional<Error> Run::Implementation::make_changes() {
    const std::vector<PlannedChange> &changes = plan_.stages[stages_.size()].changes;
    for (; next_change_ < changes.size() && changes[next_change_].epoch == loop_->epochs_begun(); ++next_change_) {
        std::optional<Error> refused = loop_->change(changes[next_change_]);
        throw_if_cancelled();
        check_agreed(refused);
        if (refused) {
            refuse_changes(*refused);
            return refused;
        }
    }
    return {};
}

/// A change that some replicas made and others could not ends the run: they are no longer one.
void Run::Implementation::check_agreed(const std::optional<Error> &refused) {
    Replicas *replicas = services_.all_replicas();
    if (replicas == nullptr)
        return;
    const bool is_refused_somewhere = replicas->any(refused.has_value());
    const bool is_made_somewhere = replicas->any(!refused.has_value());
    if (is_refused_somewhere && is_made_somewhere)
        throw refused ? Error(*refused) : Error(ErrorCode::plugin, {}, "another replica could not make a change");
}

/// What comes after the change in the plan was planned upon it.
void Run::Implementation::refuse_changes(const Error &reason) {
    const std::size_t index = stages_.size();
    const std::vector<PlannedChange> &changes = plan_.stages[index].changes;
    loop_->refuse(changes[next_change_], reason.what());
    for (std::size_t i = next_change_ + 1; i < changes.size(); ++i)
        loop_->refuse(changes[i], "it was planned upon a change that was refused");
    leave_out_changes(plan_, index, next_change_);
    directory_.write("manifest.json", to_text(plan_.resolved, JsonLayout::pretty));
    history_.change_keys(make_keys(plan_, plugins_));
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
