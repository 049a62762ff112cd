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
    }
    for (const PlannedModel &model : plan.models) {
        const bool trained =
            std::any_of(stages.begin(), stages.end(), [&](const auto &stage) { return stage.model == model.name; });
        if (!trained && !model.weights.empty())
            add({model.name, "loaded", {}, model.data}, {});
    }
}

void FinalReport::add(Report report, std::span<float> values) {
    if (components_.whole_dataset(report.data).size(sdk::Split::test) > 0)
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
