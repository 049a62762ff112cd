// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/settings.hpp>

#include <array>
#include <cstdint>

namespace retort::dataset_spirals {

/// Points on the arms of a spiral in the plane, one arm a class. Example i is of class i mod classes, at
///   u (cos a, sin a) + noise * n,   a = 2 pi (turns * u + class / classes),
/// with u uniform in [0, 1) and n standard normal, both from the component's own stream by split and i.
class Spirals final : public sdk::Dataset {
  public:
    struct Settings {
        std::uint64_t classes = 3;
        double turns = 1.0;
        double noise = 0.03;
        std::uint64_t train = 600;
        std::uint64_t validation = 150;
        std::uint64_t test = 300;

        void fields(sdk::Fields &fields);
    };

    Spirals(const Settings &settings, const sdk::DatasetContext &context);

    [[nodiscard]] std::size_t width() const override { return 2; }

    [[nodiscard]] std::size_t classes() const override { return settings_.classes; }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return sizes_[index(split)]; }

    void load() override;

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override;

  private:
    static std::size_t index(sdk::Split split) { return static_cast<std::size_t>(split); }

    void place(sdk::Random random, std::size_t label, std::span<float> point) const;

    Settings settings_;
    sdk::Random random_;
    std::array<std::size_t, 3> sizes_;
    std::array<sdk::MatrixBuffer, 3> points_;
};

} // namespace retort::dataset_spirals
