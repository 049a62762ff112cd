// SPDX-License-Identifier: Apache-2.0
#include "final_report.hpp"

#include "data_check.hpp"

#include <retort/sdk/evaluation.hpp>

#include <algorithm>

namespace retort::framework {

namespace {

std::uint64_t count_parameters(const sdk::Parameters &parameters) {
    std::uint64_t count = 0;
    for (const sdk::Parameter &tensor : parameters.table)
        count += tensor.size;
    return count;
}

bool is_trained(std::span<const StageRecord> stages, const std::string &model) {
    return std::any_of(stages.begin(), stages.end(), [&](const StageRecord &stage) {
        return stage.model == model || std::any_of(stage.others.begin(), stage.others.end(),
                                                   [&](const OtherModel &other) { return other.model == model; });
    });
}

} // namespace

const std::string &data_of(const Plan &plan, std::string_view model) {
    return std::find_if(plan.models.begin(), plan.models.end(), [&](const auto &m) { return m.name == model; })->data;
}

void measure(Report &report, Components &components, sdk::Split split) {
    guarded(components.model_origin(report.model), [&] {
        sdk::Model &model = components.model(report.model);
        const CheckedDataset dataset(components.whole_dataset(report.data));
        const auto found = sdk::Evaluator(model, dataset, split).run();
        report.size = found.size;
        report.errors = found.errors;
        report.accuracy = found.accuracy;
        report.nll = found.nll;
        report.brier = found.brier;
        report.ece = found.ece;
        report.parameters = count_parameters(model.parameters());
    });
}

FinalReport::FinalReport(const Plan &plan, Components &components, std::span<StageRecord> stages)
    : components_(components) {
    for (StageRecord &stage : stages) {
        Report report{stage.model, "last", stage.name, data_of(plan, stage.model)};
        report.seconds = stage.seconds;
        add(report, stage.last);
        report.weights = "selected";
        if (!stage.selected.empty())
            add(report, stage.selected);
        for (OtherModel &other : stage.others)
            add({other.model, "last", stage.name, data_of(plan, other.model)}, other.last);
    }
    for (const PlannedModel &model : plan.models)
        if (!is_trained(stages, model.name))
            add_fixed(model);
}

/// A model that no stage trains: it was loaded, or has no weights of its own.
void FinalReport::add_fixed(const PlannedModel &model) {
    if (!model.weights.empty())
        add({model.name, "loaded", {}, model.data}, {});
    else if (components_.model(model.name).parameters().values.empty())
        add({model.name, model.models.empty() ? "none" : "last", {}, model.data}, {});
}

void FinalReport::add(Report report, std::span<float> values) {
    const bool answers = guarded(components_.model_origin(report.model),
                                 [&] { return components_.model(report.model).answers(sdk::Split::test); });
    if (answers && components_.whole_dataset(report.data).size(sdk::Split::test) > 0)
        jobs_.push_back({std::move(report), values});
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
    measure(report, components_, sdk::Split::test);
    exchange(job);
    reports_.push_back(std::move(report));
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
