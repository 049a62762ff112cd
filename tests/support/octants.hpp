// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/loader.hpp>
#include <retort/framework/run.hpp>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// A small distillation with the real plugins, from a program's own data. RETORT_PLUGINS is their folder.
namespace retort::test {

/// Four classes in three numbers, by their signs.
class Octants final : public sdk::Dataset {
  public:
    [[nodiscard]] std::size_t width() const override { return 3; }

    [[nodiscard]] std::size_t classes() const override { return 4; }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return split == sdk::Split::train ? 130 : 60; }

    void load() override {}

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const std::span<float> x = inputs.row(r);
            sdk::fill_normal(sdk::Random{5}.at(name_of(split)).at(rows[r]), x);
            if (!labels.empty())
                labels[r] = (x[0] > 0.0F ? 2 : 0) + (x[1] * x[2] > 0.0F ? 1 : 0);
        }
    }
};

/// Is made, and then cannot draw its first weights.
class Stuck final : public sdk::Discriminator {
  public:
    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override { throw std::runtime_error("the motor is stuck"); }

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &) override { return nullptr; }
};

inline constexpr std::string_view octants_manifest = R"({
  "format": 1, "data": {"octants": {"type": "octants"}},
  "models": {"teacher": {"type": "mlp", "hidden": [40, 40], "dropout": 0.2}, "student": {"type": "mlp", "hidden": [20]}},
  "stages": [
    {"name": "teach", "type": "supervised", "model": "teacher", "data": "octants", "epochs": 3, "batch": 20},
    {"name": "distil", "type": "adversarial_distillation", "teacher": "teacher", "student": "student",
     "data": "octants", "epochs": 4, "batch": 20,
     "pairs": {"logits": {"condition": {"tap": "hidden.1", "head": {"type": "random_projection", "width": 4}}}},
     "adversaries": [{"name": "main", "pair": "logits", "lambda": 0.1,
                      "discriminator": {"type": "paired", "hidden": [16]}, "objective": {"type": "non_saturating"}}],
     "losses": [{"type": "cross_entropy"}]}
  ],
  "observers": [{"type": "csv"}, {"type": "figures"}]
})";

/// Of all plans, which it must outlive. The plugins are opened at the first call.
inline const framework::Registry &octants_registry() {
    static const framework::Registry all = [] {
        framework::Registry made;
        (void)framework::load_plugins(made, {RETORT_PLUGINS}, {RETORT_PLUGINS});
        made.add("test", [](sdk::Registrar &own) {
            own.add<sdk::Dataset>("octants", "By signs.", [](const auto &) { return std::make_unique<Octants>(); });
            own.add<sdk::Discriminator>("stuck", "Throws.", [](const auto &) { return std::make_unique<Stuck>(); });
        });
        return made;
    }();
    return all;
}

inline framework::Plan octants_plan(const std::vector<std::string> &settings) {
    auto manifest = framework::Manifest::parse(octants_manifest, "text", ".");
    for (const std::string &setting : settings)
        manifest.set(setting, octants_registry());
    return framework::read_plan(manifest, octants_registry());
}

/// Of a manifest in a file.
inline framework::Plan octants_plan_of(const std::filesystem::path &file) {
    return framework::read_plan(framework::Manifest::read(file), octants_registry());
}

} // namespace retort::test
