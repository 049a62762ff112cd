// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/families/logistic_normal.hpp>
#include <plugins/shared/location_scale.hpp>

namespace retort::head_logistic_normal {

/// The logistic normal distribution over a simplex: z = softmax(y), y ~ N(m(x), diag s(x)^2), with m the tap divided by
/// the temperature of the teacher's head. Teacher's side: s is `scale`, of K members their standard deviation, at least
/// `scale`; nothing is fitted. See LocationScaleHead.
class LogisticNormal final : public plugin_support::LocationScaleHead {
  public:
    struct Settings {
        plugin_support::TemperatureSettings temperature;
        plugin_support::ProjectionSettings projection;
        double scale = 0.5;
        double least_scale = 0.01;

        void fields(sdk::Fields &fields);
    };

    LogisticNormal(const Settings &settings, const sdk::HeadContext &context)
        : LocationScaleHead(sdk::Space::Kind::simplex, {settings.scale, settings.least_scale}, settings.projection, 1.0,
                            context),
          temperature_(settings.temperature, width()) {}

    [[nodiscard]] std::string_view family() const override { return "logistic_normal"; }

  private:
    [[nodiscard]] sdk::Affine own_map() const override { return temperature_.affine(); }

    [[nodiscard]] std::unique_ptr<plugin_support::Family> make_family() const override {
        return std::make_unique<plugin_support::LogisticNormal>();
    }

    plugin_support::Temperature temperature_;
};

} // namespace retort::head_logistic_normal
