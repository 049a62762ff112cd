// SPDX-License-Identifier: Apache-2.0
#include "components.hpp"

#include "fake_roles.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>

namespace retort::test {

namespace {

using sdk::ComponentSpec;
using sdk::Fields;
using sdk::Reference;

struct Table final : FakeDataset {
    struct Settings {
        std::string directory;
        std::int64_t validation = 0;

        void fields(Fields &field) {
            field.required("directory", directory, "Folder of the files.");
            field("validation", validation, "Examples set aside.", {0, 50000});
        }
    };

    Table(const Settings &, const sdk::DatasetContext &) {}
};

enum class Activation { relu, leaky_relu, tanh };

std::span<const std::string_view> names_of(Activation) {
    static constexpr std::array<std::string_view, 3> names{"relu", "leaky_relu", "tanh"};
    return names;
}

struct Network final : FakeModel {
    struct Settings {
        std::vector<std::size_t> hidden{8, 8};
        double dropout = 0.0;
        Activation activation = Activation::relu;
        bool bias = true;

        void fields(Fields &field) {
            field("hidden", hidden, "Widths of the hidden layers.", {1, 4096});
            field("dropout", dropout, "Part of the hidden units left out.", {0, 0.95});
            field("activation", activation, "Nonlinearity.");
            field("bias", bias, "Whether layers have a bias.");
        }
    };

    Network(const Settings &settings, const sdk::ModelContext &context) {
        static constexpr std::array<std::string_view, 3> names{"hidden.0", "hidden.1", "hidden.2"};
        if (settings.hidden.size() > names.size())
            throw sdk::Error(sdk::ErrorKind::settings, "too many layers", "/hidden", "");
        for (std::size_t i = 0; i < settings.hidden.size(); ++i)
            layers.push_back({names[i], settings.hidden[i]});
        layers.push_back({"logits", context.classes});
    }
};

struct Other final : FakeModel {
    struct Settings {
        std::int64_t depth = 1;

        void fields(Fields &field) { field("depth", depth, "Layers.", {1}); }
    };

    Other(const Settings &, const sdk::ModelContext &) {}
};

struct Point final : FakeHead {
    explicit Point(const sdk::HeadContext &) {}
};

struct Projection final : FakeHead {
    struct Settings {
        std::uint32_t width = 64;

        void fields(Fields &field) { field("width", width, "Width of the result.", {1, 4096}); }
    };

    Projection(const Settings &, const sdk::HeadContext &) {}
};

struct Deep final : FakeDiscriminator {
    struct Settings {
        std::vector<std::size_t> hidden{16};
        sdk::Schedule noise{sdk::Schedule::Shape::linear, 0.1, 0.0};

        void fields(Fields &field) {
            field("hidden", hidden, "Widths of the hidden layers.", {1, 4096});
            field("noise", noise, "Standard deviation of the input noise.", {0, 10});
        }
    };

    Deep(const Settings &settings, const sdk::DiscriminatorContext &context) {
        for (std::size_t i = 0; i < settings.hidden.size(); ++i) {
            if (settings.hidden[i] % 2 == 1)
                context.problems.add("/hidden/" + std::to_string(i), "is odd");
        }
    }
};

struct Paired final : FakeDiscriminator {
    struct Settings {
        std::vector<std::size_t> hidden{16};
        double dropout = 0.25;

        void fields(Fields &field) {
            field("hidden", hidden, "Widths of the hidden layers.", {1, 4096});
            field("dropout", dropout, "Part of the units left out.", {0, 0.95});
        }
    };

    Paired(const Settings &, const sdk::DiscriminatorContext &) {}
};

struct Game final : FakeObjective {
    explicit Game(const sdk::ObjectiveContext &) {}
};

struct Entropy final : FakeLoss {
    explicit Entropy(const sdk::LossContext &) {}
};

struct Soft final : FakeLoss {
    struct Settings {
        double temperature = 4.0;

        void fields(Fields &field) { field("temperature", temperature, "Softens both sides.", {1, 100}); }
    };

    Soft(const Settings &, const sdk::LossContext &) {}
};

struct Moments final : FakeOptimizer {
    struct Settings {
        sdk::Schedule learning_rate{sdk::Schedule::Shape::cosine, 0.001, 0.0};
        double decay = 0.9;

        void fields(Fields &field) {
            field("learning_rate", learning_rate, "Step size.", {0, 1});
            field("decay", decay, "Of the moments.", {0, 1});
        }
    };

    Moments(const Settings &, const sdk::OptimizerContext &) {}
};

struct Faulty final : FakeOptimizer {
    struct Settings {
        std::string throws = "settings";

        void fields(Fields &field) { field("throws", throws, "What the constructor throws."); }
    };

    Faulty(const Settings &settings, const sdk::OptimizerContext &) {
        if (settings.throws == "settings")
            throw sdk::Error(sdk::ErrorKind::settings, "never right", "/throws", "");
        if (settings.throws == "exception")
            throw std::out_of_range("out of bounds");
        throw 7;
    }
};

struct Pair {
    std::string tap = "logits";
    ComponentSpec<sdk::Head> teacher_head{"point"};
    std::optional<Projection::Settings> condition;

    void fields(Fields &field) {
        field("tap", tap, "Where to look.");
        field("teacher_head", teacher_head, "The teacher's distribution.");
        field("condition", condition, "What samples are conditioned on.");
    }
};

struct Adversary {
    std::string name;
    ComponentSpec<sdk::Discriminator> discriminator;
    ComponentSpec<sdk::Objective> objective{"game"};
    double lambda = 1.0;

    void fields(Fields &field) {
        field.required("name", name, "What it is called.");
        field.required("discriminator", discriminator, "Tells samples apart.");
        field("objective", objective, "The game.");
        field("lambda", lambda, "Weight of the game.", {0, 1000});
    }
};

struct WeightedLoss {
    ComponentSpec<sdk::Loss> loss{"entropy"};
    double weight = 1.0;

    void fields(Fields &field) {
        field("", loss, "What is minimised.");
        field("weight", weight, "Its factor.", {0, 1000});
    }
};

struct Teach final : FakeTrainer {
    struct Settings {
        Reference<sdk::Model> model;
        Reference<sdk::Dataset> data;
        std::int64_t epochs = 10;
        ComponentSpec<sdk::Optimizer> optimizer{"moments"};

        void fields(Fields &field) {
            field.required("model", model, "What is trained.");
            field.required("data", data, "On what.");
            field("epochs", epochs, "Passes over the data.", {1, 1000});
            field("optimizer", optimizer, "How.");
        }
    };

    Teach(const Settings &settings, const sdk::TrainerContext &context)
        : optimizer(settings.optimizer.build({context.services, context.problems, context.random})) {}

    std::unique_ptr<sdk::Optimizer> optimizer;
};

struct Distil final : FakeTrainer {
    struct Settings {
        Reference<sdk::Model> teacher;
        Reference<sdk::Model> student;
        Reference<sdk::Dataset> data;
        Reference<sdk::Dataset> unlabelled;
        sdk::Map<Pair> pairs;
        std::vector<Adversary> adversaries;
        std::vector<WeightedLoss> losses{WeightedLoss{}};
        ComponentSpec<sdk::Optimizer> averaging;

        Settings() { averaging.optional = true; }

        void fields(Fields &field) {
            field.required("teacher", teacher, "Already trained.");
            field.required("student", student, "What is trained.");
            field.required("data", data, "On what.");
            field("unlabelled", unlabelled, "More data.");
            field("pairs", pairs, "Where the two are compared.");
            field("adversaries", adversaries, "Games.");
            field("losses", losses, "Other terms.");
            field("averaging", averaging, "A second optimizer.");
        }
    };

    Distil(const Settings &settings, const sdk::TrainerContext &context) {
        for (const Adversary &adversary : settings.adversaries)
            (void)adversary.discriminator.build({{context.services, context.problems, context.random}, {}, 0, 0, 0});
    }
};

struct Clashing final : FakeTrainer {
    struct Settings {
        std::string name;

        void fields(Fields &field) { field("name", name, "Taken by the stage."); }
    };

    Clashing(const Settings &, const sdk::TrainerContext &) {}
};

struct Rows final : FakeObserver {
    struct Settings {
        std::string file = "rows.csv";
        sdk::Map<std::string> columns{{{"loss", "Loss"}}};

        void fields(Fields &field) {
            field("file", file, "What is written.");
            field("columns", columns, "Titles by metric.");
        }
    };

    Rows(const Settings &, const sdk::ObserverContext &) {}
};

void register_components(sdk::Registrar &registrar) {
    registrar.add<sdk::Dataset, Table>("table", "Rows of a table.");
    registrar.add<sdk::Model, Network>("network", "Layers.");
    registrar.add<sdk::Model, Other>("other", "Another.");
    registrar.add<sdk::Head, Point>("point", "The tap itself.");
    registrar.add<sdk::Head, Projection>("random_projection", "Fewer numbers.");
    registrar.add<sdk::Discriminator, Deep>("deep", "Layers.");
    registrar.add<sdk::Discriminator, Paired>("paired", "Two sides.");
    registrar.add<sdk::Objective, Game>("game", "A game.");
    registrar.add<sdk::Loss, Entropy>("entropy", "Of labels.");
    registrar.add<sdk::Loss, Soft>("soft", "Of logits.");
    registrar.add<sdk::Optimizer, Moments>("moments", "Two moments.");
    registrar.add<sdk::Optimizer, Faulty>("faulty", "Throws.");
    registrar.add<sdk::Trainer, Teach>("teach", "Labels alone.");
    registrar.add<sdk::Trainer, Distil>("distil", "From a teacher.");
    registrar.add<sdk::Trainer, Clashing>("clashing", "Declares what its stage declares.");
    registrar.add<sdk::Observer, Rows>("rows", "Rows.");
}

} // namespace

framework::Registry fake_registry() {
    framework::Registry registry;
    registry.add({"fakes", "1.0.0", &register_components});
    return registry;
}

} // namespace retort::test
