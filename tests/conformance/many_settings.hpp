// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/sdk.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace retort::test {

struct InnerSettings {
    std::int64_t depth = 2;

    void fields(sdk::Fields &field) { field("depth", depth, "Depth.", {1, 9}); }
};

struct PlayerSettings {
    std::string partner;
    std::uint64_t score = 0;
    sdk::ComponentSpec<sdk::Optimizer> optimizer{"adam"};

    void fields(sdk::Fields &field) {
        field.required("partner", partner, "Another player.");
        field.required("score", score, "Score.", {2, 9});
        field("optimizer", optimizer, "Optimizer.");
    }
};

/// A setting of every kind.
class ManySettings final : public sdk::AnySettings {
  public:
    struct Settings {
        double rate = 0.1;
        std::uint64_t count = 300;
        bool on = false;
        sdk::Schedule::Shape shape = sdk::Schedule::Shape::linear;
        std::vector<std::size_t> hidden{256, 8};
        sdk::Schedule noise{sdk::Schedule::Shape::cosine, 1.0, 0.0};
        InnerSettings inner;
        std::optional<InnerSettings> extra;
        sdk::ComponentSpec<sdk::Optimizer> optimizer{"adam"};
        std::string name;
        std::vector<InnerSettings> layers;
        sdk::Map<PlayerSettings> players;
    };

    void fields(sdk::Fields &field) override {
        field("rate", settings.rate, "Rate.", {0.0, 1.0});
        field("count", settings.count, "Count.", {1, 65536});
        field("on", settings.on, "On.");
        field("shape", settings.shape, "Shape.");
        field("hidden", settings.hidden, "Widths.", {1, 65536});
        field("noise", settings.noise, "Noise.", {0.0, 1e6});
        field("inner", settings.inner, "Inner.");
        field("extra", settings.extra, "Extra.");
        field("optimizer", settings.optimizer, "Optimizer.");
        field.required("name", settings.name, "Name.");
        field("layers", settings.layers, "Layers.");
        field("players", settings.players, "Players.");
    }

    Settings settings;
};

} // namespace retort::test
