// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/augmentation.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/settings.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace retort::trainer_supervised {

struct LossSettings {
    sdk::ComponentSpec<sdk::Loss> loss;
    sdk::Schedule weight = 1.0;

    void fields(sdk::Fields &field) {
        field.required("", loss, "A loss on labels.");
        field("weight", weight, "Factor of this loss in the sum that is minimised.", {0.0, 1e6});
    }
};

struct SamplesSettings {
    std::vector<sdk::Reference<sdk::Model>> models;
    double burn_in = 0.5;

    void fields(sdk::Fields &field) {
        field.required("models", models,
                       "Models of the same shape, which are given the weights of evenly spaced steps; the last one "
                       "those at the end.");
        field("burn_in", burn_in, "Part of the stage before the first of these steps, in which no weights are taken.",
              {0.0, 1.0});
    }
};

struct Settings {
    sdk::Reference<sdk::Model> model;
    sdk::Reference<sdk::Dataset> data;
    std::uint64_t epochs = 20;
    std::uint64_t batch = 250;
    sdk::Augmentation augmentation;
    sdk::ComponentSpec<sdk::Optimizer> optimizer{"adam"};
    std::vector<LossSettings> losses{{sdk::ComponentSpec<sdk::Loss>("cross_entropy"), 1.0}};
    std::optional<SamplesSettings> samples;

    void fields(sdk::Fields &field) {
        field.required("model", model, "The model to train.");
        field.required("data", data, "The dataset to train on.");
        field("epochs", epochs, "How often every training example is seen.", {1, 1e6});
        field("batch", batch, "Examples per step; the last batch of an epoch may be short.", {1, 1e6});
        field("augmentation", augmentation, "How far each image is moved, at random and anew in every epoch.");
        field("optimizer", optimizer, "Of the model.");
        field("losses", losses, "What is minimised: a weighted sum.");
        field("samples", samples,
              "Models that are given the weights of steps on the way, as samples of the posterior by the optimizer "
              "sgld are taken.");
    }
};

} // namespace retort::trainer_supervised
