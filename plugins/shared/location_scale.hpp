// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <plugins/shared/density_head.hpp>
#include <plugins/shared/standardisation.hpp>
#include <span>
#include <vector>

namespace retort::plugin_support {

/// The scales of such a head, in its settings.
struct ScaleSettings {
    double scale = 0.1;
    double least_scale = 0.01;
};

/// A head of a family whose parameters are a location and a scale per dimension. The location is the tap, projected
/// where widths differ, under the map of the space; of several members, their mean.
///
/// Teacher's side, only fitted: a scale per dimension, the same for every x; of K members, that of their standard
/// deviation (divided by K), with that of one member as its floor. Student's side: `least_scale` + softplus(rho), with
/// a rho per dimension that is trained with the student and begins where the scale is `scale`.
class LocationScaleHead : public DensityHead {
  public:
    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) final;

    void initialise(sdk::Random random) final;

    /// Computes the scale from rho.
    void parameters_changed(sdk::Change change) final;

    /// The scale per dimension; on the teacher's side that of one member.
    [[nodiscard]] std::span<const float> scale() const { return scale_; }

    /// The scale of a distribution of this family whose standard deviation is 1.
    [[nodiscard]] float unit_scale() const { return unit_scale_; }

    /// Student's side: the gradient of rho from that of the scale of every row, as `write` says.
    void write_scale_gradient(sdk::ConstMatrix gradient, sdk::Write write);

  protected:
    /// Throws sdk::Error when a student's `scale` is not above its floor, or the teacher's space is of another kind.
    LocationScaleHead(sdk::Space::Kind kind, const ScaleSettings &settings, const ProjectionSettings &projection,
                      double unit_scale, const sdk::HeadContext &context);

    [[nodiscard]] virtual std::unique_ptr<Family> make_family() const = 0;

    [[nodiscard]] std::span<float> fitted_scale() { return scale_; }

    [[nodiscard]] const ScaleSettings &settings() const { return settings_; }

  private:
    ScaleSettings settings_;
    float unit_scale_;
    std::size_t raw_scale_ = 0; ///< rho's index in the arena
    std::vector<float> scale_;
    std::vector<double> scale_gradient_; ///< summed over rows
};

/// One over any real numbers, in the space of `point`: the map is the teacher's standardisation, and the teacher's
/// scale `scale` times that of the tap's standard deviation over the training data (with the standardisation's floor),
/// under that map.
class StandardisedHead : public LocationScaleHead {
  public:
    [[nodiscard]] bool needs_fit() const final { return is_teacher(); }

    void fit(std::span<const sdk::ConstMatrix> members) final;
    bool end_fit() final;

    void visit_state(sdk::StateVisitor &visitor) final;

  protected:
    StandardisedHead(const ScaleSettings &settings, const StandardisationSettings &standardisation,
                     const ProjectionSettings &projection, double unit_scale, const sdk::HeadContext &context)
        : LocationScaleHead(sdk::Space::Kind::real, settings, projection, unit_scale, context),
          standardisation_(standardisation, width()) {}

    [[nodiscard]] sdk::Affine own_map() const final { return standardisation_.affine(); }

  private:
    Standardisation standardisation_;
};

} // namespace retort::plugin_support
