// SPDX-License-Identifier: Apache-2.0
#include "final_report.hpp"

#include "measure.hpp"
#include "report_files.hpp"

#include <algorithm>
#include <optional>

namespace retort::framework {

namespace {

bool is_trained(std::span<const StageRecord> stages, const std::string &model) {
    return std::any_of(stages.begin(), stages.end(), [&](const StageRecord &stage) {
        return stage.model == model || std::any_of(stage.others.begin(), stage.others.end(),
                                                   [&](const OtherModel &other) { return other.model == model; });
    });
}

} // namespace

FinalReport::FinalReport(const Plan &plan, Components &components, std::span<StageRecord> stages,
                         RunDirectory &directory, RunLog &log)
    : plan_(plan), components_(components), directory_(directory), log_(log) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
        StageRecord &stage = stages[i];
        const auto name = [&](const std::string &model) {
            return model + "." + (is_trained(stages.subspan(i + 1), model) ? stage.name + "." : "");
        };
        Report report{stage.model, "last", stage.name, data_of(plan, stage.model)};
        report.seconds = stage.seconds;
        add(report, stage.last, name(stage.model) + "last");
        report.weights = "selected";
        if (!stage.selected.empty())
            add(report, stage.selected, name(stage.model) + "selected");
        for (OtherModel &other : stage.others)
            add({other.model, "last", stage.name, data_of(plan, other.model)}, other.last, name(other.model) + "last");
    }
    for (const PlannedModel &model : plan.models)
        if (!is_trained(stages, model.name))
            add_fixed(model);
}

/// A model that no stage trains: it was loaded, or has no weights of its own.
void FinalReport::add_fixed(const PlannedModel &model) {
    const std::string kind = !model.weights.empty() ? "loaded" : model.models.empty() ? "none" : "last";
    if (!model.weights.empty() || components_.model(model.name).parameters().values.empty())
        add({model.name, kind, {}, model.data}, {}, model.name + "." + kind);
}

void FinalReport::add(Report report, std::span<float> values, std::string name) {
    const bool answers = guarded(components_.model_origin(report.model),
                                 [&] { return components_.model(report.model).answers(sdk::Split::test); });
    if (answers && components_.whole_dataset(report.data).size(sdk::Split::test) > 0)
        jobs_.push_back({std::move(report), values, std::move(name)});
}

bool FinalReport::step() {
    if (reports_.size() == jobs_.size())
        return false;
    evaluate(jobs_[reports_.size()]);
    return true;
}

void FinalReport::evaluate(const Job &job) {
    Report report = job.report;
    exchange(job);
    measure_and_write(report, job.name);
    exchange(job);
    if (!report.scaled)
        tell_of_no_temperature(report, job.name);
    reports_.push_back(std::move(report));
}

void FinalReport::measure_and_write(Report &report, const std::string &name) {
    std::optional<PredictionsFile> predictions;
    BatchListener listener;
    if (plan_.report.predictions && directory_.enabled()) {
        predictions.emplace(directory_.place("report/" + name + ".predictions.csv"));
        listener = [&](sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
            predictions->add(logits, labels);
        };
    }
    measure(report, plan_, components_, sdk::Split::test, listener);
    if (predictions)
        predictions->commit();
    directory_.write("report/" + name + ".reliability.csv", reliability_csv(report));
}

void FinalReport::tell_of_no_temperature(const Report &report, const std::string &name) {
    const bool is_there = components_.whole_dataset(report.data).size(sdk::Split::validation) > 0;
    const bool answers = components_.model(report.model).answers(sdk::Split::validation);
    log_.write(LogLevel::info, "no temperature for " + name + ": " +
                                   (!is_there  ? "there is no validation data in dataset "
                                    : !answers ? "it does not answer for the validation data of dataset "
                                               : "none is best on the validation data of dataset ") +
                                   report.data);
}

/// The weights with those of the model: there and back, without a third copy.
void FinalReport::exchange(const Job &job) {
    if (job.values.empty())
        return;
    guarded(components_.model_origin(job.report.model), [&] {
        sdk::Model &model = components_.model(job.report.model);
        std::swap_ranges(job.values.begin(), job.values.end(), model.parameters().values.begin());
        model.parameters_changed(sdk::Change::restore);
    });
}

} // namespace retort::framework
