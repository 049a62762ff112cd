// SPDX-License-Identifier: Apache-2.0
#include "loaded_model.hpp"

#include "../components/prediction.hpp"
#include "../run/measure.hpp"
#include "../run/run_implementation.hpp"
#include "../support/names.hpp"
#include "weights_reader.hpp"

#include <algorithm>

namespace retort::framework {

namespace {

constexpr std::size_t rows_per_part = 64; // fewer than this are not worth waking another thread

/// Only the model, what it is made of, and its dataset: there is nothing to train, and no weights to begin with.
Plan plan_for(Plan plan, const std::string &model) {
    const auto names = names_in(plan.models);
    if (std::find(names.begin(), names.end(), model) == names.end())
        throw Error(ErrorCode::usage, {}, unknown_name("model", model, names));
    const std::string data = data_of(plan, model);
    const std::vector<std::string> parts = planned_model(plan, model).models;
    std::erase_if(plan.models, [&](const PlannedModel &other) {
        return other.name != model && std::find(parts.begin(), parts.end(), other.name) == parts.end();
    });
    std::erase_if(plan.datasets, [&](const auto &other) { return other.name != data; });
    for (PlannedModel &each : plan.models) {
        each.weights.clear();
        each.data = data;
    }
    plan.stages.clear();
    plan.observers.clear();
    plan.used.clear();
    plan.report = {};
    return plan;
}

} // namespace

LoadedModel::LoadedModel(const Plan &plan, const WeightsFile &weights, LogSink log)
    : name_(weights.model), plan_(plan_for(plan, weights.model)), log_(std::move(log)),
      services_(threads_of(plan), log_, nullptr, nullptr, plan.precision), components_(plan_, services_, {}),
      logits_(model().taps().size() - 1), classes_(model().taps()[logits_].width) {
    log_.without_file();
    read_weights(plan_, components_, weights);
}

void LoadedModel::prepare(std::size_t rows, std::size_t tail_rows) {
    const std::size_t taps[] = {logits_};
    pass_ = guarded(origin(), [&] {
        return model().make_pass({sdk::Mode::evaluate, rows, tail_rows, false, false, taps});
    });
    rows_ = rows;
    tail_rows_ = tail_rows;
    probabilities_ = sdk::MatrixBuffer(rows, classes_);
    labels_.resize(rows);
    entropies_.resize(rows);
}

Predictions LoadedModel::predict(sdk::ConstMatrix inputs, std::uint64_t first) {
    check_width(inputs);
    const std::size_t rows = inputs.rows;
    if (rows == 0)
        return {};
    if (rows != rows_ && rows != tail_rows_)
        prepare(rows, 0);
    guarded(origin(), [&] {
        pass_->forward({inputs, {}, {}, first}, sdk::Random{});
        const sdk::ConstMatrix logits = pass_->tap(logits_);
        services_.parallel_for(rows, rows_per_part, [&](std::size_t begin, std::size_t end) {
            for (std::size_t row = begin; row < end; ++row) {
                const ExamplePrediction example = predict_example(logits.row(row), probabilities_.view().row(row));
                labels_[row] = example.label;
                entropies_[row] = example.entropy;
            }
        });
    });
    return {0, std::span(labels_).first(rows), probabilities_.view(rows), std::span(entropies_).first(rows)};
}

void LoadedModel::check_width(sdk::ConstMatrix inputs) {
    const std::size_t width = dataset().width();
    if (inputs.columns != width)
        throw Error(ErrorCode::usage, origin().pointer,
                    "the inputs have " + std::to_string(inputs.columns) + " columns, the model takes " +
                        std::to_string(width));
}

} // namespace retort::framework
