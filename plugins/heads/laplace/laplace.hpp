// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <numbers>
#include <plugins/shared/families/laplace.hpp>
#include <plugins/shared/location_scale.hpp>

namespace retort::head_laplace {

/// Independent Laplace distributions, density exp(-|z - m| / b) / 2b, in the space of `point`; its scale is b, and a
/// standard deviation of members s makes b = s / sqrt(2). See StandardisedHead.
class Laplace final : public plugin_support::StandardisedHead {
  public:
    struct Settings {
        plugin_support::StandardisationSettings standardisation;
        plugin_support::ProjectionSettings projection;
        double scale = 0.1;
        double least_scale = 0.01;

        void fields(sdk::Fields &fields);
    };

    Laplace(const Settings &settings, const sdk::HeadContext &context)
        : StandardisedHead({settings.scale, settings.least_scale}, settings.standardisation, settings.projection,
                           std::numbers::sqrt2 / 2.0, context) {}

    [[nodiscard]] std::string_view family() const override { return "laplace"; }

  private:
    [[nodiscard]] std::unique_ptr<plugin_support::Family> make_family() const override {
        return std::make_unique<plugin_support::Laplace>();
    }
};

} // namespace retort::head_laplace
