// SPDX-License-Identifier: Apache-2.0
#include "run_implementation.hpp"

#include "../components/data_check.hpp"
#include "../support/threads.hpp"
#include "profile_files.hpp"
#include "stage_key.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/sdk/profile.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace retort::framework {

std::size_t threads_of(const Plan &plan, const Replicas *replicas) {
    if (plan.threads != 0)
        return plan.threads;
    return replicas == nullptr ? available_processors() : replicas->threads();
}

Run::Implementation::Implementation(const Plan &plan, RunOptions options)
    : plan_(plan), log_(std::move(options.log)), profiler_(options.profile ? std::make_unique<RunProfiler>() : nullptr),
      services_(threads_of(plan, options.replicas), log_, profiler_.get(), options.replicas, plan.precision),
      progress_(std::move(options.progress), plan.stages.size()), plugins_(used_plugins(plan)),
      writes_(options.replicas == nullptr || options.replicas->is_first()), directory_(options.output, writes_),
      history_(plan_, options, directory_, log_), components_(plan_, services_, directory_.path().string()),
      observers_(components_.observers, log_, writes_) {
    directory_.check();
    plan_.used.clear(); // the registry need not outlive the run
    services_.on_progress([this](std::string_view what, std::uint64_t done, std::uint64_t total) {
        progress_.activity(what, done, total);
    });
}

void Run::Implementation::fail(const Error &error) {
    state_ = State::failed;
    log_.write(LogLevel::error, error.what());
    loop_.reset();
    try {
        if (directory_.enabled() && !started_.empty()) {
            write_profile();
            directory_.collect();
        }
    } catch (const std::exception &second) { // the first error is the one to report
        log_.write(LogLevel::error, second.what());
    }
    if (Replicas *replicas = services_.all_replicas())
        replicas->fail(error);
}

void Run::Implementation::start() {
    if (state_ != State::constructed)
        return;
    if (profiler_)
        profiler_->use_this_thread();
    const sdk::Phase phase(services_, "run");
    failing([&] { sdk::in_phase(services_, "start", [&] { start_running(); }); });
}

void Run::Implementation::start_running() {
    throw_if_cancelled();
    begin_ = std::chrono::steady_clock::now();
    progress_.activity("reading data", 0, 0);
    sdk::in_phase(services_, "read data", [&] {
        components_.load_data();
        for (const Built<sdk::Dataset> &dataset : components_.datasets)
            data_[dataset.name] = check_data(dataset);
    });
    weights_ = weights_digests(plan_);
    look_at_trainers();
    components_.initialise_models();
    digest_fixed_models();
    std::vector<boost::json::object> keys = make_keys(plan_, plugins_);
    const bool goes_on = look_back(std::move(keys));
    started_ = time_text();
    directory_.enabled() ? log_.open(directory_.place("log.txt"), goes_on) : log_.without_file();
    directory_.write("manifest.json", to_text(plan_.resolved, JsonLayout::pretty));
    log_.write(LogLevel::info, "run of " + std::to_string(plan_.stages.size()) + " stages, seed " +
                                   std::to_string(plan_.seed) + ", threads " + std::to_string(threads()));
    for (const PlannedModel &model : plan_.models)
        if (!model.weights.empty())
            save_weights(model.name, "loaded", components_.model(model.name).parameters().values);
    observers_.begin_run();
    directory_.collect();
    state_ = State::running;
}

void Run::Implementation::look_at_trainers() {
    for (const Built<sdk::Trainer> &trainer : components_.trainers)
        trained_.push_back(guarded(trainer.origin, [&] { return trained_models(*trainer.component); }));
}

std::vector<boost::json::object> Run::Implementation::make_keys(const Plan &plan, std::span<const UsedPlugin> plugins) {
    return stage_keys({plan, plugins, threads(), services_.replicas(), data_, weights_, trained_});
}

bool Run::Implementation::step() {
    if (state_ == State::failed)
        throw Error(ErrorCode::usage, {}, "the run ended with an error and cannot go on");
    start();
    if (state_ == State::complete)
        return false;
    if (profiler_)
        profiler_->use_this_thread();
    const sdk::Phase phase(services_, "run");
    return failing([&] {
        if (services_.cancelled_anywhere())
            stop();
        if (!advance())
            return false;
        if (services_.cancelled_anywhere())
            stop();
        return true;
    });
}

bool Run::Implementation::advance() {
    if (stages_.size() < plan_.stages.size()) {
        const sdk::Phase phase(services_, plan_.stages[stages_.size()].name);
        advance_stage();
        return true;
    }
    const sdk::Phase phase(services_, "report");
    return advance_report();
}

void Run::Implementation::advance_stage() {
    if (!loop_)
        return begin_stage();
    if (loop_->between_epochs())
        if (const std::optional<Error> refused = make_changes())
            log_.write(LogLevel::warning,
                       "a change was refused, and the run goes on as it was: " + std::string(refused->what()));
    if (!loop_->step())
        return end_stage();
    if (loop_->epoch_ended())
        loop_->check_replicas();
    const std::uint64_t every = plan_.checkpoints.every_steps;
    if (!loop_->at_end() && (loop_->epoch_ended() || (every > 0 && loop_->done() % every == 0)))
        keep_checkpoint();
}

void Run::Implementation::keep_checkpoint() {
    const sdk::Phase phase(services_, "checkpoint");
    history_.keep(*loop_);
}

/// Asked to stop: the stage can be gone on with from here.
void Run::Implementation::stop() {
    if (loop_ && loop_->at_end())
        end_stage();
    else if (loop_ && loop_->done() > 0)
        keep_checkpoint();
    throw Error(ErrorCode::cancelled, {}, "the run was cancelled");
}

void Run::Implementation::begin_stage() {
    const std::size_t index = stages_.size();
    const PlannedStage &stage = plan_.stages[index];
    progress_.begin_stage(index, stage.name);
    StageRemains &remains = history_.remains(index);
    for (const std::string &model : trained_[index])
        keep_weights(model);
    if (remains.complete)
        return load_stage(remains);
    std::optional<StateFile> &checkpoint = remains.checkpoint;
    history_.begin(index);
    next_change_ = 0;
    if (checkpoint)
        change_before(*checkpoint);
    log_.write(LogLevel::info,
               "stage " + stage.name + (checkpoint ? " goes on from " + checkpoint->path().string() : " begins"));
    loop_ = std::make_unique<StageLoop>(LoopSurroundings{components_, services_, log_, observers_, progress_},
                                        components_.trainers[index], stage.type, validates(stage),
                                        checkpoint ? &*checkpoint : nullptr);
    checkpoint.reset();
    directory_.collect();
    sdk::in_phase(services_, "prepare", [&] { loop_->prepare(); });
    directory_.collect();
}

/// A checkpoint is restored into a trainer of the settings that were in force.
void Run::Implementation::change_before(const StateFile &checkpoint) {
    const PlannedStage &stage = plan_.stages[stages_.size()];
    const auto epochs = checkpoint.header().at("epochs").to_number<std::uint64_t>();
    while (next_change_ < stage.changes.size() && stage.changes[next_change_].epoch < epochs)
        ++next_change_;
    if (next_change_ > 0)
        components_.trainers[stages_.size()] =
            components_.make_trainer(stage.changes[next_change_ - 1].trainer, stage.name);
}

bool Run::Implementation::validates(const PlannedStage &stage) {
    return std::any_of(stage.datasets.begin(), stage.datasets.end(), [&](const std::string &name) {
        return components_.whole_dataset(name).size(sdk::Split::validation) > 0;
    });
}

void Run::Implementation::end_stage() {
    StageRecord stage = loop_->finish();
    loop_.reset();
    components_.trainers[stages_.size()].component.reset(); // its optimizers' moments, its passes, its caches
    const sdk::Phase phase(services_, "save weights");
    const std::span<float> last = components_.model(stage.model).parameters().values;
    std::vector<std::string> weights{save_weights(stage.model, weights_of_stage(stage, stage.model, "last"), last)};
    if (!stage.selected.empty())
        weights.push_back(save_weights(stage.model, weights_of_stage(stage, stage.model, "selected"), stage.selected));
    for (const OtherModel &other : stage.others)
        weights.push_back(save_weights(other.model, weights_of_stage(stage, other.model, "last"),
                                       components_.model(other.model).parameters().values));
    history_.complete(stage, weights);
    stages_.push_back(std::move(stage));
    log_.write(LogLevel::info, "stage " + stages_.back().name + " ends");
}

bool Run::Implementation::advance_report() {
    if (!report_)
        report_ = std::make_unique<FinalReport>(plan_, components_, stages_, directory_, log_);
    progress_.activity("evaluating", report_->reports().size(), report_->total());
    if (report_->step())
        return true;
    finish();
    return false;
}

void Run::Implementation::finish() {
    observers_.end_run();
    log_.write(LogLevel::info, "run complete");
    directory_.write("report.csv", report_csv(report_->reports()));
    write_profile();
    directory_.collect();
    write_result();
    reports_ = report_->reports();
    state_ = State::complete;
}

void Run::Implementation::write_profile() {
    if (!profiler_)
        return;
    directory_.write("profile.csv", profile_csv(profiler_->phases()));
    directory_.write("profile.json", trace_text(profiler_->calls()));
}

void Run::Implementation::write_result() {
    std::vector<std::string> files = directory_.files();
    files.emplace_back("result.json");
    Result result{plan_.seed, services_.replicas(), threads(), started_, 0.0, plugins_,
                  stages_,    report_->reports(),   files};
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    directory_.write("result.json", to_text(result_json(result), JsonLayout::pretty));
    directory_.collect();
}

void Run::Implementation::throw_if_cancelled() {
    if (services_.cancelled_anywhere())
        throw Error(ErrorCode::cancelled, {}, "the run was cancelled");
}

sdk::Model &Run::Implementation::model(std::string_view name) {
    return guarded(Origin{}, [&]() -> sdk::Model & { return components_.model(name); });
}

const sdk::Dataset &Run::Implementation::dataset(std::string_view name) {
    return guarded(Origin{}, [&]() -> const sdk::Dataset & { return components_.whole_dataset(name); });
}

sdk::MatrixBuffer Run::Implementation::predict(std::string_view model, sdk::ConstMatrix inputs) {
    if (state_ == State::constructed)
        throw Error(ErrorCode::usage, {}, "models predict once the run has started");
    return components_.predict(model, inputs);
}

} // namespace retort::framework
