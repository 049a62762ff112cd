// SPDX-License-Identifier: Apache-2.0
#include "measure.hpp"

#include "../components/data_check.hpp"

#include <retort/sdk/calibration.hpp>
#include <retort/sdk/detection.hpp>
#include <retort/sdk/evaluation.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace retort::framework {

namespace {

constexpr std::size_t reliability_bins = 15;

std::uint64_t count_parameters(const sdk::Parameters &parameters) {
    std::uint64_t count = 0;
    for (const sdk::Parameter &tensor : parameters.table)
        count += tensor.size;
    return count;
}

std::optional<double> fitted_temperature(sdk::Model &model, const Built<sdk::Dataset> &data) {
    if (!model.answers(sdk::Split::validation))
        return {};
    const CheckedDataset dataset(data);
    sdk::Evaluator evaluator(model, dataset, sdk::Split::validation);
    const sdk::MatrixBuffer all(evaluator.size(), evaluator.classes());
    std::vector<std::int32_t> all_labels;
    evaluator.each_batch([&](sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
        for (std::size_t row = 0; row < logits.rows; ++row) {
            std::ranges::copy(logits.row(row), all.view().row(all_labels.size()).begin());
            all_labels.push_back(labels[row]);
        }
    });
    return sdk::fit_temperature(all.view(), all_labels);
}

void append_entropies(sdk::ConstMatrix logits, std::vector<double> &entropies) {
    for (std::size_t row = 0; row < logits.rows; ++row)
        entropies.push_back(sdk::predictive_entropy(logits.row(row)));
}

std::vector<double> entropies_of(sdk::Model &model, const Built<sdk::Dataset> &data, sdk::Split split) {
    const CheckedDataset dataset(data);
    std::vector<double> entropies;
    sdk::Evaluator(model, dataset, split).each_batch([&](sdk::ConstMatrix logits, std::span<const std::int32_t>) {
        append_entropies(logits, entropies);
    });
    return entropies;
}

/// What one reading of a split gives.
class Findings {
  public:
    Findings(std::size_t classes, std::optional<double> temperature)
        : temperature_(temperature), metrics_(classes, reliability_bins),
          scaled_(classes, reliability_bins, temperature.value_or(1.0)) {}

    void add(sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
        metrics_.add(logits, labels);
        scaled_.add(logits, labels);
        append_entropies(logits, entropies_);
    }

    [[nodiscard]] const std::vector<double> &entropies() const { return entropies_; }

    void fill_in(Report &report) const {
        const sdk::ClassificationReport found = metrics_.report();
        report.size = found.size;
        report.errors = found.errors;
        report.accuracy = found.accuracy;
        report.nll = found.nll;
        report.brier = found.brier;
        report.ece = found.ece;
        report.reliability = metrics_.reliability();
        const sdk::ClassificationReport scaled = scaled_.report();
        if (temperature_)
            report.scaled = {*temperature_, scaled.nll, scaled.brier, scaled.ece, scaled_.reliability()};
    }

  private:
    std::optional<double> temperature_;
    sdk::ClassificationMetrics metrics_;
    sdk::ClassificationMetrics scaled_;
    std::vector<double> entropies_;
};

Findings findings_of(sdk::Model &model, const Built<sdk::Dataset> &data, sdk::Split split,
                     std::optional<double> temperature, const BatchListener &listener) {
    const CheckedDataset dataset(data);
    sdk::Evaluator evaluator(model, dataset, split);
    Findings findings(evaluator.classes(), temperature);
    evaluator.each_batch([&](sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
        findings.add(logits, labels);
        if (listener)
            listener(logits, labels);
    });
    return findings;
}

} // namespace

const std::string &data_of(const Plan &plan, std::string_view model) {
    return std::find_if(plan.models.begin(), plan.models.end(), [&](const auto &m) { return m.name == model; })->data;
}

void measure(Report &report, const Plan &plan, Components &components, sdk::Split split,
             const BatchListener &listener) {
    guarded(components.model_origin(report.model), [&] {
        sdk::Model &model = components.model(report.model);
        report.parameters = count_parameters(model.parameters());
        const auto temperature = fitted_temperature(model, components.built_dataset(data_of(plan, report.model)));
        const Findings own = findings_of(model, components.built_dataset(report.data), split, temperature, listener);
        own.fill_in(report);
        for (const std::string &other : plan.report.out_of_distribution) {
            if (model.by_id() || other == report.data || components.whole_dataset(other).size(split) == 0)
                continue;
            const std::vector<double> others = entropies_of(model, components.built_dataset(other), split);
            report.out_of_distribution.push_back({other, others.size(), sdk::auroc(own.entropies(), others)});
        }
    });
}

} // namespace retort::framework
