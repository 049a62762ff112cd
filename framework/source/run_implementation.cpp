// SPDX-License-Identifier: Apache-2.0
#include "run_implementation.hpp"

#include "threads.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/safetensors.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace retort::framework {

std::size_t threads_of(const Plan &plan) {
    return plan.threads == 0 ? available_processors() : plan.threads;
}

Run::Implementation::Implementation(const Plan &plan, RunOptions options)
    : plan_(plan), log_(std::move(options.log)), services_(threads_of(plan), log_),
      progress_(std::move(options.progress), plan.stages.size()), plugins_(used_plugins(plan)),
      directory_(options.output), components_(plan_, services_, directory_.path().string()),
      observers_(components_.observers, log_) {
    directory_.check();
    plan_.used.clear(); // the registry need not outlive the run
    services_.on_progress([this](std::string_view what, std::uint64_t done, std::uint64_t total) {
        progress_.activity(what, done, total);
    });
}

/// After an error the run cannot go on: the stage is told, and what was written stays whole.
template <class Call> auto Run::Implementation::failing(Call &&call) {
    try {
        return call();
    } catch (const std::exception &error) {
        fail(error.what());
        throw;
    } catch (...) { // of an embedder's callback
        fail(unknown_exception);
        throw;
    }
}

void Run::Implementation::fail(std::string_view message) {
    state_ = State::failed;
    log_.write(LogLevel::error, message);
    loop_.reset();
    try {
        if (directory_.enabled() && !started_.empty())
            directory_.collect();
    } catch (const std::exception &second) { // the first error is the one to report
        log_.write(LogLevel::error, second.what());
    }
}

void Run::Implementation::start() {
    if (state_ == State::constructed)
        failing([&] { start_running(); });
}

void Run::Implementation::start_running() {
    throw_if_cancelled();
    begin_ = std::chrono::steady_clock::now();
    progress_.activity("reading data", 0, 0);
    components_.load_data();
    components_.initialise_models();
    directory_.create();
    started_ = time_text();
    directory_.enabled() ? log_.open(directory_.place("log.txt")) : log_.without_file();
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

bool Run::Implementation::step() {
    if (state_ == State::failed)
        throw Error(ErrorCode::usage, {}, "the run ended with an error and cannot go on");
    start();
    if (state_ == State::complete)
        return false;
    return failing([&] {
        throw_if_cancelled();
        if (!advance())
            return false;
        throw_if_cancelled();
        return true;
    });
}

bool Run::Implementation::advance() {
    if (stages_.size() == plan_.stages.size())
        return advance_report();
    if (!loop_)
        begin_stage();
    else if (!loop_->step())
        end_stage();
    return true;
}

void Run::Implementation::begin_stage() {
    const std::size_t index = stages_.size();
    const PlannedStage &stage = plan_.stages[index];
    progress_.begin_stage(index, stage.name);
    log_.write(LogLevel::info, "stage " + stage.name + " begins");
    loop_ = std::make_unique<StageLoop>(LoopSurroundings{components_, services_, log_, observers_, progress_},
                                        components_.trainers[index], stage.type, validates(stage));
    loop_->prepare();
    directory_.collect();
}

bool Run::Implementation::validates(const PlannedStage &stage) {
    return std::any_of(stage.datasets.begin(), stage.datasets.end(), [&](const std::string &name) {
        return components_.whole_dataset(name).size(sdk::Split::validation) > 0;
    });
}

void Run::Implementation::end_stage() {
    stages_.push_back(loop_->finish());
    loop_.reset();
    StageRecord &stage = stages_.back();
    save_weights(stage.model, "last", stage.last);
    if (!stage.selected.empty())
        save_weights(stage.model, "selected", stage.selected);
    directory_.collect();
    log_.write(LogLevel::info, "stage " + stage.name + " ends");
}

void Run::Implementation::save_weights(std::string_view model, std::string_view which, std::span<float> values) {
    if (!directory_.enabled())
        return;
    sdk::Parameters parameters = components_.model(model).parameters();
    parameters.values = values;
    const std::string name = "weights/" + std::string(model) + "." + std::string(which) + ".safetensors";
    write_safetensors(directory_.place(name), parameters);
}

bool Run::Implementation::advance_report() {
    if (!report_)
        report_ = std::make_unique<FinalReport>(plan_, components_, stages_);
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
    directory_.collect();
    write_result();
    reports_ = report_->reports();
    state_ = State::complete;
}

void Run::Implementation::write_result() {
    std::vector<std::string> files = directory_.files();
    files.emplace_back("result.json");
    Result result{plan_.seed, threads(), started_, 0.0, plugins_, stages_, report_->reports(), files};
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    directory_.write("result.json", to_text(result_json(result), JsonLayout::pretty));
    directory_.collect();
}

void Run::Implementation::throw_if_cancelled() const {
    if (services_.cancelled())
        throw Error(ErrorCode::cancelled, {}, "the run was cancelled");
}

sdk::Model &Run::Implementation::model(std::string_view name) {
    return guarded(Origin{}, [&]() -> sdk::Model & { return components_.model(name); });
}

const sdk::Dataset &Run::Implementation::dataset(std::string_view name) {
    return guarded(Origin{}, [&]() -> const sdk::Dataset & { return components_.whole_dataset(name); });
}

} // namespace retort::framework
