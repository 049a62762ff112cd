// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/sdk.hpp>

#include <cmath>
#include <fstream>
#include <stdexcept>
#include <support/fake_run.hpp>
#include <thread>

// Everything a manifest needs, in no time and with little code, for tests of the command.
namespace retort::toy {

class ToyDataset final : public test::FakeDataset {
  public:
    struct Settings {
        bool damaged = false;

        void fields(sdk::Fields &field) { field("damaged", damaged, "Whether loading fails."); }
    };

    ToyDataset(const Settings &settings, const sdk::DatasetContext &) : settings_(settings) {}

    void load() override {
        if (settings_.damaged)
            throw sdk::Error(sdk::ErrorKind::data, "the toy is damaged", "/damaged");
    }

  private:
    Settings settings_;
};

class ToyModel final : public test::FakeModel {
  public:
    explicit ToyModel(const sdk::ModelContext &) {}
};

enum class Behaviour { normal, nan, throws, slow };

std::span<const std::string_view> names_of(Behaviour) {
    static constexpr std::string_view names[] = {"normal", "nan", "throws", "slow"};
    return names;
}

struct ToySettings {
    sdk::Reference<sdk::Model> model;
    sdk::Reference<sdk::Dataset> data;
    Behaviour behaviour = Behaviour::normal;
    std::int64_t noise = 1;

    void fields(sdk::Fields &field) {
        field.required("model", model, "Model to train.");
        field.required("data", data, "Data to train it on.");
        field("behaviour", behaviour, "What goes wrong in step 4.");
        field("noise", noise, "A number.", {0, 10});
    }
};

class ToyTrainer final : public test::FakeTrainer {
  public:
    using Settings = ToySettings;

    ToyTrainer(const Settings &settings, const sdk::TrainerContext &context)
        : FakeTrainer(context, settings.model.name), settings_(settings) {
        if (settings.noise == 0)
            context.services.warn("a toy without noise");
    }

    void step(std::uint64_t k, sdk::Metrics &metrics) override {
        if (k == 3)
            misbehave();
        FakeTrainer::step(k, metrics);
    }

  private:
    void misbehave() {
        if (settings_.behaviour == Behaviour::nan)
            loss = std::nan("");
        if (settings_.behaviour == Behaviour::throws)
            throw std::runtime_error("step 4 is too much");
        if (settings_.behaviour == Behaviour::slow)
            std::this_thread::sleep_for(std::chrono::milliseconds(400));
    }

    Settings settings_;
};

} // namespace retort::toy

RETORT_PLUGIN(registrar) {
    using namespace retort;
    registrar.add<sdk::Dataset, toy::ToyDataset>("toy", "Eighteen examples of two classes.");
    registrar.add<sdk::Model, toy::ToyModel>("toy", "Four weights.");
    registrar.add<sdk::Trainer, toy::ToyTrainer>("toy", "Six steps. They do little.");
}
