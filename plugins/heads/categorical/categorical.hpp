// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/schedule.hpp>

#include <memory>
#include <plugins/shared/density_head.hpp>

namespace retort::head_categorical {

/// Probabilities of classes, q(z|x) = softmax(tap / temperature), with the temperature of the teacher's head on both
/// sides; of several members, the mean of their probabilities. Samples are relaxed, at a temperature of their own that
/// is a schedule, and lie within the simplex (see plugin_support::Categorical). That schedule, too, is the teacher's on
/// both sides where the teacher's head is of this class; under another one over a simplex it is the student's own.
///
/// Nothing is fitted; the student's side trains its projection, where the widths differ.
class Categorical final : public plugin_support::DensityHead {
  public:
    struct Settings {
        plugin_support::TemperatureSettings temperature;
        plugin_support::ProjectionSettings projection;
        sdk::Schedule relaxation = 0.5;

        void fields(sdk::Fields &fields);
    };

    Categorical(const Settings &settings, const sdk::HeadContext &context);

    [[nodiscard]] std::string_view family() const override { return "categorical"; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) override;

    /// What samples are drawn at.
    [[nodiscard]] const sdk::Schedule &relaxation() const { return relaxation_; }

  private:
    [[nodiscard]] sdk::Affine own_map() const override { return temperature_.affine(); }

    plugin_support::Temperature temperature_;
    sdk::Schedule relaxation_;
};

} // namespace retort::head_categorical
