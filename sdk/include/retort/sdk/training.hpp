// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/evaluation.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/names.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/setting_types.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Small things that every trainer needs.
namespace retort::sdk {

/// Rows of `logits` [rows, classes] whose most probable class, the first of equals, is their label.
[[nodiscard]] inline double count_correct(ConstMatrix logits, std::span<const std::int32_t> labels) {
    std::size_t correct = 0;
    for (std::size_t row = 0; row < logits.rows; ++row) {
        const std::span<const float> values = logits.row(row);
        const auto top = std::max_element(values.begin(), values.end()) - values.begin();
        correct += labels[row] == top ? 1 : 0;
    }
    return static_cast<double>(correct);
}

/// Running means over the steps of an epoch: "train_loss" and "train_accuracy", as training saw them, with its noise
/// and augmentation. State: a trainer visits it.
class EpochMeans {
  public:
    /// Of a step in one process: `logits` [rows, classes]; rows with negative labels do not count towards accuracy.
    void add(double loss, ConstMatrix logits, std::span<const std::int32_t> labels) {
        const auto labelled = std::count_if(labels.begin(), labels.end(), [](auto label) { return label >= 0; });
        add(loss, count_correct(logits, labels),
            {1.0, 1.0, static_cast<double>(logits.rows), static_cast<double>(labelled)});
    }

    /// Of the whole batch of a step: `share` says of how many rows, `correct` is how many `count_correct` found.
    void add(double loss, double correct, const BatchShare &share) {
        loss_ += loss * share.all_rows;
        rows_ += static_cast<std::uint64_t>(share.all_rows);
        labelled_ += static_cast<std::uint64_t>(share.all_labelled);
        correct_ += static_cast<std::uint64_t>(correct);
    }

    /// Reports the means and starts afresh.
    void end(Metrics &metrics) {
        metrics.add("train_loss", loss_ / static_cast<double>(std::max<std::uint64_t>(rows_, 1)));
        metrics.add("train_accuracy",
                    static_cast<double>(correct_) / static_cast<double>(std::max<std::uint64_t>(labelled_, 1)));
        *this = {};
    }

    void visit_state(StateVisitor &visitor) {
        visitor.value("epoch_loss", loss_);
        visitor.value("epoch_rows", rows_);
        visitor.value("epoch_labelled", labelled_);
        visitor.value("epoch_correct", correct_);
    }

  private:
    double loss_ = 0.0;
    std::uint64_t rows_ = 0;
    std::uint64_t labelled_ = 0;
    std::uint64_t correct_ = 0;
};

/// Evaluates one model on the splits of one dataset, as Trainer::evaluate reports it. Keeps an Evaluator per split.
class Evaluations {
  public:
    /// Both must outlive this.
    Evaluations(Model &model, const Dataset &dataset) : model_(model), dataset_(dataset) {}

    /// Adds "accuracy", "nll", "brier" and "ece".
    void report(Split split, Metrics &metrics) {
        std::optional<Evaluator> &evaluator = evaluators_[static_cast<std::size_t>(split)];
        if (!evaluator)
            evaluator.emplace(model_, dataset_, split);
        const ClassificationReport report = evaluator->run();
        metrics.add("accuracy", report.accuracy);
        metrics.add("nll", report.nll);
        metrics.add("brier", report.brier);
        metrics.add("ece", report.ece);
    }

  private:
    Model &model_;
    const Dataset &dataset_;
    std::array<std::optional<Evaluator>, 3> evaluators_;
};

/// Reports at `pointer` a model whose logits are not the classes of the dataset.
inline void check_classes(Model &model, std::string_view name, const Dataset &dataset, std::string_view pointer,
                          Problems &problems) {
    if (const std::size_t width = model.taps().back().width; width != dataset.classes())
        problems.add(pointer, in_quotes(name) + " has " + std::to_string(width) + " logits, but the dataset has " +
                                  std::to_string(dataset.classes()) + " classes; both must be equal");
}

/// `name`, or `name_2`, `name_3`, ... if it is taken already: metric names of several losses of one type.
[[nodiscard]] inline std::string unique_name(std::string_view name, std::span<const std::string> taken) {
    std::string result(name);
    for (int count = 2; std::find(taken.begin(), taken.end(), result) != taken.end(); ++count)
        result = std::string(name) + "_" + std::to_string(count);
    return result;
}

/// Builds a nested component; null where its settings are a mistake, which is reported, so that others are found too.
template <class Role>
[[nodiscard]] std::unique_ptr<Role> build_or_report(const ComponentSpec<Role> &spec,
                                                    const typename Role::Context &context) {
    try {
        return spec.build(context);
    } catch (const Error &error) {
        if (error.kind() != ErrorKind::settings)
            throw;
        context.problems.report(error.pointer(), error.what(), error.plugin());
        return nullptr;
    }
}

/// Euclidean norm of all entries.
[[nodiscard]] inline double norm(ConstMatrix matrix) {
    double sum = 0.0;
    for (std::size_t row = 0; row < matrix.rows; ++row)
        for (const float value : matrix.row(row))
            sum += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(sum);
}

/// Sets every entry to `value`.
inline void fill(Matrix matrix, float value) {
    for (std::size_t row = 0; row < matrix.rows; ++row)
        std::fill_n(matrix.row(row).begin(), matrix.columns, value);
}

} // namespace retort::sdk
