// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plan.hpp>

#include <framework/source/support/translate.hpp>
#include <functional>
#include <memory>
#include <string>
#include <support/fake_run.hpp>
#include <utility>
#include <vector>

namespace retort::test {

/// A builder that calls a function. As any builder of a plan it puts `place` before the pointer of what that throws.
template <class Role> class FakeBuilder final : public sdk::Builder<Role> {
  public:
    using Make = std::function<std::unique_ptr<Role>(const typename Role::Context &)>;

    FakeBuilder(std::string place, Make make) : place_(std::move(place)), make_(std::move(make)) {}

    [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const override {
        try {
            return make_(context);
        } catch (...) {
            throw framework::placed_exception(place_, {});
        }
    }

  private:
    std::string place_;
    Make make_;
};

/// A plan of fakes: dataset "toy", model "net", stage "teach" that trains it, one observer. Its functions may be
/// replaced before `plan()`.
struct FakePlan {
    std::function<std::unique_ptr<sdk::Dataset>(const sdk::DatasetContext &)> make_dataset = [this](const auto &) {
        auto made = std::make_unique<FakeDataset>();
        made->on_load = [this] { data_was_loaded = true; };
        dataset = made.get();
        return made;
    };
    std::function<std::unique_ptr<sdk::Model>(const sdk::ModelContext &)> make_model = [this](const auto &) {
        auto made = std::make_unique<FakeModel>();
        model = made.get();
        return made;
    };
    std::function<std::unique_ptr<sdk::Trainer>(const sdk::TrainerContext &)> make_trainer = [this](const auto &c) {
        auto made = std::make_unique<FakeTrainer>(c, "net");
        made->on_step = on_step;
        made->on_prepare = on_prepare;
        made->accuracies = accuracies;
        made->others = others;
        return made;
    };
    std::function<std::unique_ptr<sdk::Observer>(const sdk::ObserverContext &)> make_observer = [this](const auto &) {
        return std::make_unique<FakeObserver>(heard);
    };

    bool data_was_loaded = false; ///< also when the run and its dataset are gone
    std::function<void(FakeTrainer &)> on_prepare = [](FakeTrainer &) {};
    std::function<void(FakeTrainer &, std::uint64_t)> on_step = [](FakeTrainer &, std::uint64_t) {};
    std::vector<double> accuracies{0.75, 0.5};
    std::string weights;
    std::vector<std::string> others; ///< models that the stage writes besides

    FakeDataset *dataset = nullptr; ///< the last that was made
    FakeModel *model = nullptr;
    std::vector<std::string> heard; ///< by the observer

    [[nodiscard]] framework::Plan plan() {
        framework::Plan plan;
        plan.seed = 7;
        plan.threads = 2;
        plan.resolved = {{"format", 1}, {"seed", 7}};
        plan.datasets = {{"toy", "fake", "/data/toy", builder<sdk::Dataset>("/data/toy", make_dataset), {"fake_data"}}};
        plan.models = {{{"net", "fake", "/models/net", builder<sdk::Model>("/models/net", make_model), {"fake_model"}},
                        weights,
                        "net",
                        "toy"}};
        plan.stages = {
            {{"teach", "fake", "/stages/teach", builder<sdk::Trainer>("/stages/teach", make_trainer), {"fake_trainer"}},
             {"net"},
             {"toy"}}};
        plan.observers = {
            {"fake", "fake", "/observers/0", builder<sdk::Observer>("/observers/0", make_observer), {"fake_observer"}}};
        for (const framework::Entry &entry : entries)
            plan.used.push_back(&entry);
        return plan;
    }

    std::vector<framework::Entry> entries{{"dataset", "fake", "", "fake_data", "1", "", nullptr},
                                          {"model", "fake", "", "fake_model", "1", "", nullptr},
                                          {"trainer", "fake", "", "fake_trainer", "1", "", nullptr},
                                          {"observer", "fake", "", "fake_observer", "1", "", nullptr}};

  private:
    template <class Role>
    static std::shared_ptr<const sdk::Builder<Role>> builder(std::string place, typename FakeBuilder<Role>::Make make) {
        return std::make_shared<FakeBuilder<Role>>(std::move(place), std::move(make));
    }
};

} // namespace retort::test
