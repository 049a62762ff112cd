// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/families/diagonal_gaussian.hpp>
#include <plugins/shared/location_scale.hpp>

namespace retort::head_gaussian {

/// The normal distribution with independent dimensions, q(z|x) = N(mu(x), diag sigma(x)^2), in the space of `point`;
/// its scale is the standard deviation. See StandardisedHead.
class Gaussian final : public plugin_support::StandardisedHead {
  public:
    struct Settings {
        plugin_support::StandardisationSettings standardisation;
        plugin_support::ProjectionSettings projection;
        double scale = 0.1;
        double least_scale = 0.01;

        void fields(sdk::Fields &fields);
    };

    Gaussian(const Settings &settings, const sdk::HeadContext &context)
        : StandardisedHead({settings.scale, settings.least_scale}, settings.standardisation, settings.projection, 1.0,
                           context) {}

    [[nodiscard]] std::string_view family() const override { return "diagonal_gaussian"; }

  private:
    [[nodiscard]] std::unique_ptr<plugin_support::Family> make_family() const override {
        return std::make_unique<plugin_support::DiagonalGaussian>();
    }
};

} // namespace retort::head_gaussian
