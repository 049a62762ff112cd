// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/setting_pointers.hpp>
#include <retort/sdk/conformance/stand_ins/dataset.hpp>
#include <retort/sdk/conformance/stand_ins/model.hpp>
#include <retort/sdk/roles/trainer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// Metrics that are kept, and whether their names have been the same at every step.
class KitMetrics final : public Metrics {
  public:
    void add(std::string_view name, double value) override {
        if (next_ == values.size())
            values.emplace_back(name, value);
        constant = constant && values[next_].first == name;
        values[next_++].second = value;
    }

    void begin() { next_ = 0; }

    [[nodiscard]] bool has(std::string_view name) const {
        return std::any_of(values.begin(), values.end(), [&](const auto &entry) { return entry.first == name; });
    }

    std::vector<std::pair<std::string, double>> values;
    bool constant = true;

  private:
    std::size_t next_ = 0;
};

/// A model for every name that is asked for, each a little wider than the last, and one dataset.
class KitParts final : public Parts {
  public:
    Model &model(std::string_view name) override {
        std::unique_ptr<StandInModel> &made = models[std::string(name)];
        if (made == nullptr)
            made = std::make_unique<StandInModel>(16, 4 + models.size(), 3);
        return *made;
    }

    const Dataset &dataset(std::string_view) override { return dataset_; }

    Random dataset_random(std::string_view) override { return Random{5}; }

    std::map<std::string, std::unique_ptr<StandInModel>> models;

  private:
    StandInDataset dataset_;
};

/// A trainer on stand-ins. Its state here is its own and its models', as in a checkpoint.
class TrainerBench final : public Bench, private Component {
  public:
    TrainerBench(const Factory<Trainer> &factory, const BenchSpec &spec)
        : factory_(factory), settings_(spec.settings), surroundings_(spec.surroundings), random_(spec.random),
          trainer_(build()) {}

    [[nodiscard]] Component &component() override { return *this; }

    void prepare(Random random) override {
        for (auto &[name, model] : parts_.models) {
            model->initialise(random.at(name));
            model->parameters_changed(Change::restore);
        }
        trainer_->prepare(false);
        prepared_ = true;
    }

    void ready() override {
        if (!std::exchange(prepared_, true))
            trainer_->prepare(true);
    }

    void step(std::uint64_t k) override {
        if (k >= trainer_->steps())
            return metrics_.values.clear();
        metrics_.begin();
        trainer_->step(k, metrics_);
    }

    [[nodiscard]] std::vector<double> observe() const override {
        std::vector<double> result;
        for (const auto &entry : metrics_.values)
            result.push_back(entry.second);
        const std::vector<double> values = model_values();
        result.insert(result.end(), values.begin(), values.end());
        return result;
    }

    /// Asks for each setting alone.
    [[nodiscard]] std::string no_change() override {
        SettingPointers pointers;
        const_cast<AnySettings &>(settings_).fields(pointers); // NOLINT: a walk that changes nothing
        changing_.clear();
        for (const std::string &pointer : pointers.found) {
            KitProblems problems;
            trainer_->check_change({&pointer, 1}, problems);
            if (problems.first.empty())
                changing_.push_back(pointer);
        }
        return changing_.empty() ? "it lets none of its settings change while it runs" : "";
    }

    void change(Random random) override {
        if (changing_.empty())
            (void)no_change();
        const std::unique_ptr<Trainer> changed = build();
        trainer_->change(*changed, changing_, random);
    }

    [[nodiscard]] std::vector<double> kept_by_changes() override { return model_values(); }

    [[nodiscard]] std::string no_flow() const override { return "a trainer's passes are those of its components"; }

    [[nodiscard]] std::string no_backward() const override { return no_flow(); }

    [[nodiscard]] std::string broken_promise() override {
        if (!metrics_.constant)
            return "it does not report the same names at every step";
        if (parts_.models.find(std::string(trainer_->trains())) == parts_.models.end())
            return "it says that it trains a model that it never asked for";
        for (const std::string &other : trainer_->also_trains())
            if (parts_.models.find(other) == parts_.models.end())
                return "it says that it writes a model that it never asked for";
        KitMetrics evaluated;
        trainer_->evaluate(Split::validation, evaluated);
        return evaluated.has("accuracy") && evaluated.has("nll") ? "" : R"(its evaluation lacks "accuracy" or "nll")";
    }

  private:
    [[nodiscard]] std::unique_ptr<Trainer> build() {
        return built(surroundings_, [&] {
            return factory_.build(settings_, {surroundings_.context(random_), parts_});
        });
    }

    [[nodiscard]] std::vector<double> model_values() const {
        std::vector<double> result;
        for (const auto &[name, model] : parts_.models)
            for (const float value : model->parameters().values)
                result.push_back(static_cast<double>(value));
        return result;
    }

    void visit_state(StateVisitor &visitor) override {
        for (auto &[name, model] : parts_.models)
            visitor.child("model." + name, *model);
        visitor.child("trainer", *trainer_);
    }

    const Factory<Trainer> &factory_;
    const AnySettings &settings_;
    Surroundings &surroundings_;
    Random random_;
    KitParts parts_;
    KitMetrics metrics_;
    bool prepared_ = false;
    std::vector<std::string> changing_; ///< pointers to what can change
    std::unique_ptr<Trainer> trainer_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Trainer> &factory) {
    return {{"on stand-ins", [&factory](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                 return std::make_unique<TrainerBench>(factory, spec);
             }}};
}

} // namespace retort::sdk::conformance
