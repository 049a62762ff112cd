// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/density_head.hpp>

namespace retort::head_dirichlet {

/// A Dirichlet distribution over the simplex of classes, with concentrations alpha; v is the tap, projected where
/// widths differ, divided by the temperature of the teacher's head.
///
/// Student's side: alpha = `least` + exp(v), as in prior networks (Malinin and Gales 2018): the mean of z is
/// softmax(v), but for `least`, and the sum of exp(v), which the softmax does not see, is how sure it is. Of several
/// members, v is their mean. Above 10^6, exp(v) goes on along its tangent, so that nothing overflows and a gradient
/// leads back.
///
/// Teacher's side: alpha = `least` + s p, with p = softmax(v) and s = `precision`. Of K members, p is their mean and s
/// by moments: of a Dirichlet distribution's z_c the variance is p_c (1 - p_c) / (s + 1), so
///   s = sum_c p_c (1 - p_c) / sum_c v_c - 1,   v_c the variance of the members' p_c (divided by K),
/// from 1 to `precision`. Nothing is fitted.
class Dirichlet final : public plugin_support::DensityHead {
  public:
    struct Settings {
        plugin_support::TemperatureSettings temperature;
        plugin_support::ProjectionSettings projection;
        double precision = 10.0;
        double least = 0.01;

        void fields(sdk::Fields &fields);
    };

    Dirichlet(const Settings &settings, const sdk::HeadContext &context);

    [[nodiscard]] std::string_view family() const override { return "dirichlet"; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) override;

    [[nodiscard]] double precision() const { return precision_; }

    [[nodiscard]] double least() const { return least_; }

  private:
    [[nodiscard]] sdk::Affine own_map() const override { return temperature_.affine(); }

    plugin_support::Temperature temperature_;
    double precision_;
    double least_;
};

} // namespace retort::head_dirichlet
