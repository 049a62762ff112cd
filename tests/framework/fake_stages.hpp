// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fake_components.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Trainers with nested settings, and an observer; fake_registry.hpp lists them.
namespace retort::test {

struct Pair {
    std::string tap = "logits";
    sdk::ComponentSpec<sdk::Head> teacher_head{"point"};
    std::optional<Projection::Settings> condition;

    void fields(sdk::Fields &field) {
        field("tap", tap, "Where to look.");
        field("teacher_head", teacher_head, "The teacher's distribution.");
        field("condition", condition, "What samples are conditioned on.");
    }
};

struct Adversary {
    std::string name;
    sdk::ComponentSpec<sdk::Discriminator> discriminator;
    sdk::ComponentSpec<sdk::Objective> objective{"game"};
    double lambda = 1.0;

    void fields(sdk::Fields &field) {
        field.required("name", name, "What it is called.");
        field.required("discriminator", discriminator, "Tells samples apart.");
        field("objective", objective, "The game.");
        field("lambda", lambda, "Weight of the game.", {0, 1000});
    }
};

struct WeightedLoss {
    sdk::ComponentSpec<sdk::Loss> loss{"entropy"};
    double weight = 1.0;

    void fields(sdk::Fields &field) {
        field("", loss, "What is minimised.");
        field("weight", weight, "Its factor.", {0, 1000});
    }
};

struct Teach final : FakeTrainer {
    struct Settings {
        sdk::Reference<sdk::Model> model;
        sdk::Reference<sdk::Dataset> data;
        std::int64_t epochs = 10;
        sdk::ComponentSpec<sdk::Optimizer> optimizer{"moments"};

        void fields(sdk::Fields &field) {
            field.required("model", model, "What is trained.");
            field.required("data", data, "On what.");
            field("epochs", epochs, "Passes over the data.", {1, 1000});
            field("optimizer", optimizer, "How.");
        }
    };

    Teach(const Settings &settings, const sdk::TrainerContext &context)
        : optimizer(settings.optimizer.build({{context.services, context.problems, context.random}})) {}

    std::unique_ptr<sdk::Optimizer> optimizer;
};

struct Distil final : FakeTrainer {
    struct Settings {
        sdk::Reference<sdk::Model> teacher;
        sdk::Reference<sdk::Model> student;
        sdk::Reference<sdk::Dataset> data;
        sdk::Reference<sdk::Dataset> unlabelled;
        sdk::Map<Pair> pairs;
        std::vector<Adversary> adversaries;
        std::vector<WeightedLoss> losses{WeightedLoss{}};
        sdk::ComponentSpec<sdk::Optimizer> averaging;

        Settings() { averaging.optional = true; }

        void fields(sdk::Fields &field) {
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

        void fields(sdk::Fields &field) { field("name", name, "Taken by the stage."); }
    };

    Clashing(const Settings &, const sdk::TrainerContext &) {}
};

struct Rows final : FakeObserver {
    struct Settings {
        std::string file = "rows.csv";
        sdk::Map<std::string> columns{{{"loss", "Loss"}}};

        void fields(sdk::Fields &field) {
            field("file", file, "What is written.");
            field("columns", columns, "Titles by metric.");
        }
    };

    Rows(const Settings &, const sdk::ObserverContext &) {}
};

} // namespace retort::test
