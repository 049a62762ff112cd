// SPDX-License-Identifier: Apache-2.0
#include "../run/measure.hpp"
#include "../run/run_implementation.hpp"
#include "../support/names.hpp"
#include "../support/threads.hpp"
#include "weights_reader.hpp"

#include <retort/framework/evaluate.hpp>

#include <algorithm>

namespace retort::framework {

namespace {

void check_name(std::string_view role, const std::string &name, const std::vector<std::string> &known) {
    if (std::find(known.begin(), known.end(), name) == known.end())
        throw Error(ErrorCode::usage, {}, sdk::unknown_name(role, name, known));
}

/// Only data and models: there is nothing to train, and no weights to begin with.
Plan without_stages(Plan plan) {
    plan.stages.clear();
    plan.observers.clear();
    for (PlannedModel &model : plan.models)
        model.weights.clear();
    return plan;
}

} // namespace

std::vector<WeightsFile> weights_in(const std::filesystem::path &run, const Plan &plan) {
    std::vector<std::string> kinds; // of a model that several stages train, those of all but the last of them first
    for (const PlannedStage &stage : plan.stages)
        for (const char *kind : {".last", ".selected"})
            kinds.push_back(stage.name + kind);
    kinds.insert(kinds.end(), {"last", "selected", "loaded"});
    std::vector<WeightsFile> found;
    for (const PlannedModel &model : plan.models)
        for (const std::string &weights : kinds) {
            const std::filesystem::path file = run / "weights" / (model.name + "." + weights + ".safetensors");
            if (std::filesystem::exists(file))
                found.push_back({model.name, weights, file});
        }
    if (found.empty())
        return found;
    for (const PlannedModel &model : plan.models)
        if (!model.models.empty())
            found.push_back({model.name, "last", run / "weights"});
    return found;
}

std::vector<Report> evaluate(const Plan &plan, std::span<const WeightsFile> files, const EvaluateOptions &options) {
    for (const WeightsFile &file : files)
        check_name("model", file.model, names_in(plan.models));
    if (!options.data.empty())
        check_name("dataset", options.data, names_in(plan.datasets));
    const Plan needed = without_stages(plan);
    const ThreadScope scope(threads_of(plan));
    RunLog log(options.log);
    RunServices services(threads_of(plan), log, nullptr, nullptr, plan.precision);
    Components components(needed, services, {});
    components.load_data();
    std::vector<Report> reports;
    for (const WeightsFile &file : files) {
        Report report{file.model, file.weights, {}, options.data.empty() ? data_of(plan, file.model) : options.data};
        if (components.whole_dataset(report.data).size(options.split) == 0)
            throw Error(ErrorCode::usage, {},
                        "dataset " + sdk::in_quotes(report.data) + " has no " + std::string(name_of(options.split)) +
                            " examples");
        read_weights(needed, components, file);
        measure(report, needed, components, options.split);
        reports.push_back(std::move(report));
    }
    return reports;
}

} // namespace retort::framework
