// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fake_roles.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Components below the trainers, with settings of every kind; fake_registry.hpp lists them.
namespace retort::test {

struct Table final : FakeDataset {
    struct Settings {
        std::string directory;
        std::int64_t validation = 0;

        void fields(sdk::Fields &field) {
            field.required("directory", directory, "Folder of the files.");
            field("validation", validation, "Examples set aside.", {0, 50000});
        }
    };

    Table(const Settings &, const sdk::DatasetContext &) {}
};

enum class Activation { relu, leaky_relu, tanh };

inline std::span<const std::string_view> names_of(Activation) {
    static constexpr std::array<std::string_view, 3> names{"relu", "leaky_relu", "tanh"};
    return names;
}

struct Network final : FakeModel {
    struct Settings {
        std::vector<std::size_t> hidden{8, 8};
        double dropout = 0.0;
        Activation activation = Activation::relu;
        bool bias = true;

        void fields(sdk::Fields &field) {
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

        void fields(sdk::Fields &field) { field("depth", depth, "Layers.", {1}); }
    };

    Other(const Settings &, const sdk::ModelContext &) {}
};

struct Point final : FakeHead {
    explicit Point(const sdk::HeadContext &) {}
};

struct Projection final : FakeHead {
    struct Settings {
        std::uint32_t width = 64;

        void fields(sdk::Fields &field) { field("width", width, "Width of the result.", {1, 4096}); }
    };

    Projection(const Settings &, const sdk::HeadContext &) {}
};

struct Deep final : FakeDiscriminator {
    struct Settings {
        std::vector<std::size_t> hidden{16};
        sdk::Schedule noise{sdk::Schedule::Shape::linear, 0.1, 0.0};

        void fields(sdk::Fields &field) {
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

        void fields(sdk::Fields &field) {
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
        sdk::Schedule temperature = 4.0;

        void fields(sdk::Fields &field) { field("temperature", temperature, "Softens both sides.", {1, 100}); }
    };

    Soft(const Settings &, const sdk::LossContext &) {}
};

struct Moments final : FakeOptimizer {
    struct Settings {
        sdk::Schedule learning_rate{sdk::Schedule::Shape::cosine, 0.001, 0.0};
        double decay = 0.9;

        void fields(sdk::Fields &field) {
            field("learning_rate", learning_rate, "Step size.", {0, 1});
            field("decay", decay, "Of the moments.", {0, 1});
        }
    };

    Moments(const Settings &, const sdk::OptimizerContext &) {}
};

struct Faulty final : FakeOptimizer {
    struct Settings {
        std::string throws = "settings";

        void fields(sdk::Fields &field) { field("throws", throws, "What the constructor throws."); }
    };

    Faulty(const Settings &settings, const sdk::OptimizerContext &) {
        if (settings.throws == "settings")
            throw sdk::Error(sdk::ErrorKind::settings, "never right", "/throws", "");
        if (settings.throws == "exception")
            throw std::out_of_range("out of bounds");
        throw 7;
    }
};

} // namespace retort::test
