// SPDX-License-Identifier: Apache-2.0
#include "stage_loop.hpp"

#include "../components/trainer_builder.hpp"
#include "state_digests.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/sdk/profile.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace retort::framework {

namespace {

sdk::StageInfo describe_stage(const Built<sdk::Trainer> &trainer, std::string_view type) {
    return guarded(trainer.origin, [&] {
        const sdk::Trainer &component = *trainer.component;
        return sdk::StageInfo{trainer.name, type, component.trains(), component.steps(), component.steps_per_epoch()};
    });
}

std::vector<std::string> others_of(const Built<sdk::Trainer> &trainer) {
    return guarded(trainer.origin, [&] {
        const std::span<const std::string> names = trainer.component->also_trains();
        return std::vector<std::string>(names.begin(), names.end());
    });
}

std::string number_text(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

} // namespace

StageLoop::StageLoop(LoopSurroundings surroundings, Built<sdk::Trainer> &trainer, std::string type, bool validates,
                     const StateFile *checkpoint)
    : surroundings_(surroundings), trainer_(trainer), type_(std::move(type)), info_(describe_stage(trainer, type_)),
      others_(others_of(trainer)), trained_(surroundings.components.model(info_.model).parameters()),
      validates_(validates), selection_(validates ? trained_.values.size() : 0) {
    try {
        begin(checkpoint);
    } catch (...) { // no destructor after a constructor that threw
        surroundings_.observers.abandon_stage();
        throw;
    }
}

void StageLoop::begin(const StateFile *checkpoint) {
    restored_ = checkpoint != nullptr;
    if (restored_) {
        checkpoint->restore([this](sdk::StateVisitor &visitor) { visit_state(visitor); });
        seconds_before_ = seconds_;
        surroundings_.progress.goes_on(done_);
    }
    surroundings_.observers.begin_stage(info_);
}

StageLoop::~StageLoop() {
    if (!finished_)
        surroundings_.observers.abandon_stage();
}

template <class Call> void StageLoop::call_trainer(Call &&call) {
    guarded(trainer_.origin, [&] { call(*trainer_.component); });
}

void StageLoop::prepare() {
    surroundings_.progress.activity("preparing", 0, 0);
    call_trainer([this](sdk::Trainer &trainer) { trainer.prepare(restored_); });
    tell_events();
}

/// An error says in which step it came up, unless it only says that the run was cancelled.
template <class Call> void StageLoop::naming_step(Call &&call) {
    try {
        call();
    } catch (const Error &error) {
        if (error.code() == ErrorCode::cancelled || surroundings_.services.heard_failure())
            throw; // the replica that failed said it
        std::vector<Problem> problems = error.problems();
        for (Problem &problem : problems)
            problem.message += (error.code() == ErrorCode::training ? "" : ";") + at_step();
        throw Error(error.code(), std::move(problems));
    }
}

bool StageLoop::step() {
    if (at_end())
        return false;
    ++done_;
    try {
        naming_step([this] { make_step(); });
    } catch (const Error &) {
        tell_last_events();
        throw;
    }
    return true;
}

/// What was raised by a step that failed: the alarm that stopped it, say.
void StageLoop::tell_last_events() noexcept {
    try {
        tell_events();
    } catch (const std::exception &second) { // the first error is the one to report
        surroundings_.log.write(LogLevel::error, second.what());
    }
}

std::optional<Error> StageLoop::change(const PlannedChange &change) {
    try {
        naming_step([&] { make_change(change); });
    } catch (const Error &error) {
        const bool is_ours = error.code() == ErrorCode::cancelled || error.code() == ErrorCode::internal;
        if (is_ours || surroundings_.services.heard_failure())
            throw;
        return error;
    }
    for (const ChangedSetting &setting : change.settings)
        surroundings_.services.event("change",
                                     setting.path + ": " + to_text(setting.before) + " -> " + to_text(setting.after));
    tell_events();
    return {};
}

void StageLoop::make_change(const PlannedChange &change) {
    const Built<sdk::Trainer> changed = surroundings_.components.make_trainer(change.trainer, trainer_.name);
    guarded(changed.origin, [&] { // whose parts are those that are new
        const sdk::Random random = surroundings_.components.change_random(trainer_.name, change.epoch);
        trainer_.component->change(*changed.component, pointers_of(change), random);
    });
}

void StageLoop::refuse(const PlannedChange &change, const std::string &reason) {
    std::string settings;
    for (const ChangedSetting &setting : change.settings)
        settings += (settings.empty() ? "" : ", ") + setting.path + ": " + to_text(setting.after);
    surroundings_.services.event("refused change", settings + ": " + reason);
    tell_events();
}

void StageLoop::make_step() {
    step_metrics_.clear();
    call_trainer([&](sdk::Trainer &trainer) {
        const sdk::Phase phase(surroundings_.services, "step");
        trainer.step(done_ - 1, step_metrics_);
        step_metrics_.seal();
    });
    check_finite(step_metrics_);
    sdk::in_phase(surroundings_.services, "observers", [&] {
        surroundings_.observers.step(done_, step_metrics_.metrics());
        tell_events();
    });
    surroundings_.progress.training(done_, info_, step_metrics_.metrics(), false);
    if (epoch_ended())
        end_epoch();
}

void StageLoop::end_epoch() {
    const std::uint64_t epoch = epochs_begun();
    gather_epoch_metrics();
    check_finite(epoch_metrics_);
    if (validates_)
        select(epoch);
    sdk::in_phase(surroundings_.services, "observers", [&] {
        surroundings_.observers.epoch(epoch, epoch_metrics_.metrics());
        tell_events();
    });
    surroundings_.progress.training(done_, info_, epoch_metrics_.metrics(), true);
    log_epoch(epoch);
}

void StageLoop::gather_epoch_metrics() {
    epoch_metrics_.clear();
    call_trainer([&](sdk::Trainer &trainer) {
        epoch_metrics_.prefix("");
        trainer.end_epoch(epoch_metrics_);
        epoch_metrics_.prefix("validation_");
        if (validates_)
            sdk::in_phase(surroundings_.services, "validation",
                          [&] { trainer.evaluate(sdk::Split::validation, epoch_metrics_); });
        epoch_metrics_.seal();
    });
}

void StageLoop::select(std::uint64_t epoch) {
    const sdk::Metric *accuracy = epoch_metrics_.find("validation_accuracy");
    const sdk::Metric *nll = epoch_metrics_.find("validation_nll");
    if (accuracy == nullptr || nll == nullptr)
        throw Error(ErrorCode::plugin, {{trainer_.origin.pointer,
                                         "the trainer's evaluation lacks 'accuracy' or 'nll', which every trainer "
                                         "reports",
                                         trainer_.origin.plugin, trainer_.name}});
    selection_.offer(epoch, accuracy->value, nll->value, trained_.values);
}

std::uint64_t StageLoop::selected_step() const {
    return std::min(selection_.epoch() * info_.steps_per_epoch, info_.steps);
}

void StageLoop::visit_state(sdk::StateVisitor &visitor) {
    naming_step([&] {
        seconds_ = seconds_before_ + surroundings_.progress.seconds();
        visitor.value("steps", done_);
        visitor.value("seconds", seconds_);
        selection_.visit_state(visitor);
        visit_components(visitor);
        surroundings_.observers.visit_state(visitor);
    });
}

void StageLoop::visit_components(sdk::StateVisitor &visitor) {
    Components &components = surroundings_.components;
    guarded(components.model_origin(info_.model), [&] { visitor.child("model", components.model(info_.model)); });
    for (const std::string &other : others_)
        guarded(components.model_origin(other), [&] { visitor.child("model." + other, components.model(other)); });
    call_trainer([&](sdk::Trainer &trainer) { visitor.child("trainer", trainer); });
}

void StageLoop::check_replicas() {
    Replicas *replicas = surroundings_.services.all_replicas();
    if (replicas == nullptr)
        return;
    StateDigests digests;
    naming_step([&] { visit_components(digests); });
    if (const auto differs = replicas->first_difference(digests.numbers()))
        throw Error(ErrorCode::plugin, {{trainer_.origin.pointer,
                                         "'" + digests.names()[*differs] + "' is not the same at all replicas" +
                                             at_step() + ": a component keeps what depends on its share of the batch",
                                         trainer_.origin.plugin, trainer_.name}});
}

void StageLoop::check_finite(const MetricBuffer &metrics) const {
    if (const sdk::Metric *bad = metrics.find_not_finite())
        diverged("metric '" + std::string(bad->name) + "' is " +
                 (std::isnan(bad->value) ? "nan" : number_text(bad->value)));
}

/// A step's metrics are those from before its update: after the last step only the weights can tell.
void StageLoop::check_weights() const {
    if (!std::all_of(trained_.values.begin(), trained_.values.end(), [](float value) { return std::isfinite(value); }))
        diverged("a weight of '" + std::string(info_.model) + "' is no finite number");
}

void StageLoop::diverged(const std::string &what) const {
    throw Error(ErrorCode::training, {{trainer_.origin.pointer, what, trainer_.origin.plugin, trainer_.name}});
}

std::string StageLoop::at_step() const {
    return " at step " + std::to_string(done_) + " of " + std::to_string(info_.steps);
}

void StageLoop::tell_events() {
    const std::vector<Event> events = surroundings_.services.take_events();
    surroundings_.observers.events(done_, events);
}

void StageLoop::log_epoch(std::uint64_t epoch) {
    std::string line = "epoch " + std::to_string(epoch) + ":";
    for (const sdk::Metric &metric : epoch_metrics_.metrics())
        line += ' ' + std::string(metric.name) + ' ' + number_text(metric.value);
    surroundings_.log.write(LogLevel::info, line);
}

StageRecord StageLoop::finish() {
    naming_step([this] { check_weights(); });
    finished_ = true;
    StageRecord record{trainer_.name,      type_, std::string(info_.model), info_.steps, info_.steps_per_epoch, 0.0,
                       selection_.epoch(), {},    selection_.take(),        {}};
    for (const sdk::Metric &metric : epoch_metrics_.metrics())
        record.metrics.emplace_back(metric.name, metric.value);
    for (const std::string &other : others_)
        record.others.push_back({other});
    sdk::in_phase(surroundings_.services, "observers", [&] { surroundings_.observers.end_stage(true); });
    record.seconds = seconds_before_ + surroundings_.progress.seconds();
    return record;
}

} // namespace retort::framework
