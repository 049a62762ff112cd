// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/sdk.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace retort::test {

/// Two classes in two numbers: example i of class i % 2 is (+-1, i / 100). Its test split can tell how often it was
/// read.
class FakeDataset : public sdk::Dataset {
  public:
    std::size_t train = 8;
    std::size_t validation = 4;
    std::size_t test = 6;
    mutable std::size_t test_reads = 0;
    bool loaded = false;
    std::function<void()> on_load = [] {};

    [[nodiscard]] std::size_t width() const override { return 2; }

    [[nodiscard]] std::size_t classes() const override { return 2; }

    [[nodiscard]] std::size_t size(sdk::Split split) const override {
        return split == sdk::Split::train ? train : split == sdk::Split::validation ? validation : test;
    }

    void load() override {
        loaded = true;
        on_load();
    }

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        test_reads += split == sdk::Split::test ? 1 : 0;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            inputs.row(r)[0] = rows[r] % 2 == 0 ? 1.0F : -1.0F;
            inputs.row(r)[1] = static_cast<float>(rows[r]) / 100.0F;
            if (!labels.empty())
                labels[r] = static_cast<std::int32_t>(rows[r] % 2);
        }
    }
};

/// A linear model without biases: logits = inputs * weight^T.
class FakeModel : public sdk::Model {
  public:
    FakeModel() {
        weight = arena.add("layers.0.weight", {2, 2}, true);
        arena.allocate();
    }

    sdk::Parameters parameters() override { return arena.parameters(); }

    void initialise(sdk::Random random) override { sdk::fill_normal(random, arena.values(weight)); }

    void parameters_changed(sdk::Change change) override { changes.push_back(change); }

    [[nodiscard]] std::span<const sdk::Tap> taps() const override {
        static constexpr sdk::Tap all[] = {{"logits", 2}};
        return std::span(all).first(has_taps ? 1 : 0);
    }

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override;

    sdk::Arena arena;
    std::size_t weight = 0;
    bool has_taps = true;
    std::vector<sdk::Change> changes;
};

class FakeModelPass final : public sdk::ModelPass {
  public:
    FakeModelPass(const FakeModel &model, std::size_t rows) : model_(model), logits_(rows, 2) {}

    void forward(const sdk::Batch &batch, sdk::Random) override {
        const std::span<const float> w = model_.arena.values(model_.weight);
        rows_ = batch.inputs.rows;
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t c = 0; c < 2; ++c)
                logits_.view().row(r)[c] = w[2 * c] * batch.inputs.row(r)[0] + w[2 * c + 1] * batch.inputs.row(r)[1];
    }

    [[nodiscard]] sdk::ConstMatrix tap(std::size_t) const override { return logits_.view(rows_); }

    void backward(std::span<const sdk::TapGradient>, sdk::Write) override {}

  private:
    const FakeModel &model_;
    sdk::MatrixBuffer logits_;
    std::size_t rows_ = 0;
};

inline std::unique_ptr<sdk::ModelPass> FakeModel::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<FakeModelPass>(*this, spec.rows);
}

/// Two epochs of three steps. Step k sets the model's first weight to k + 1. What it should do besides is a function.
class FakeTrainer : public sdk::Trainer {
  public:
    FakeTrainer(const sdk::TrainerContext &context, std::string model)
        : services(context.services), parts(context.parts), model_(std::move(model)) {}

    [[nodiscard]] std::string_view trains() const override { return model_; }

    [[nodiscard]] std::span<const std::string> also_trains() const override { return others; }

    void prepare(bool) override { on_prepare(*this); }

    [[nodiscard]] std::uint64_t steps() const override { return 6; }

    [[nodiscard]] std::uint64_t steps_per_epoch() const override { return 3; }

    void step(std::uint64_t k, sdk::Metrics &metrics) override {
        sdk::Model &model = parts.model(model_);
        model.parameters().values[0] = static_cast<float>(k + 1);
        model.parameters_changed(sdk::Change::step);
        on_step(*this, k);
        metrics.add("loss", loss);
    }

    void evaluate(sdk::Split, sdk::Metrics &metrics) override {
        metrics.add("accuracy", accuracies.at(epoch - 1));
        metrics.add("nll", 0.5);
    }

    void end_epoch(sdk::Metrics &metrics) override {
        ++epoch;
        metrics.add("train_accuracy", 0.25);
    }

    sdk::Services &services;
    sdk::Parts &parts;
    double loss = 1.0;
    std::size_t epoch = 0;
    std::vector<double> accuracies{0.75, 0.5};
    std::vector<std::string> others; ///< models that it writes besides
    std::function<void(FakeTrainer &)> on_prepare = [](FakeTrainer &) {};
    std::function<void(FakeTrainer &, std::uint64_t)> on_step = [](FakeTrainer &, std::uint64_t) {};

  private:
    std::string model_;
};

/// Writes what it hears as lines: "step 1 loss 1".
class FakeObserver : public sdk::Observer {
  public:
    explicit FakeObserver(std::vector<std::string> &lines) : lines_(lines) {}

    void begin_run() override { lines_.emplace_back("begin_run"); }

    void begin_stage(const sdk::StageInfo &stage) override { lines_.push_back("begin_stage " + text(stage.name)); }

    void step(const sdk::StageInfo &, std::uint64_t step, std::span<const sdk::Metric> metrics) override {
        lines_.push_back("step " + std::to_string(step) + names(metrics));
    }

    void epoch(const sdk::StageInfo &, std::uint64_t epoch, std::span<const sdk::Metric> metrics) override {
        lines_.push_back("epoch " + std::to_string(epoch) + names(metrics));
    }

    void event(const sdk::StageInfo &, std::uint64_t step, std::string_view kind, std::string_view message) override {
        lines_.push_back("event " + std::to_string(step) + " " + text(kind) + " " + text(message));
    }

    void end_stage(const sdk::StageInfo &stage, bool complete) override {
        lines_.push_back("end_stage " + text(stage.name) + (complete ? " complete" : " incomplete"));
    }

    void end_run() override { lines_.emplace_back("end_run"); }

  private:
    static std::string text(std::string_view view) { return std::string(view); }

    static std::string names(std::span<const sdk::Metric> metrics) {
        std::string line;
        for (const sdk::Metric &metric : metrics)
            line += " " + text(metric.name);
        return line;
    }

    std::vector<std::string> &lines_;
};

} // namespace retort::test
