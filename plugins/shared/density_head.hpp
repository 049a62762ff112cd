// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/error.hpp>
#include <retort/sdk/roles/head.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <optional>
#include <plugins/shared/density_pass.hpp>
#include <plugins/shared/projection.hpp>
#include <vector>

namespace retort::plugin_support {

/// What heads with a density have in common: on the student's side a projection where the widths differ, and the map of
/// the teacher's head.
class DensityHead : public sdk::Head {
  public:
    [[nodiscard]] sdk::Space space() const override { return {kind_, width_}; }

    [[nodiscard]] sdk::Affine affine() const override { return is_teacher() ? own_map() : teacher_->affine(); }

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override {
        if (projection_)
            projection_->initialise(random.at("projection"));
    }

    [[nodiscard]] bool is_teacher() const { return teacher_ == nullptr; }

  protected:
    /// The caller adds its own tensors to `arena()` and allocates it. Throws sdk::Error when the teacher's space is of
    /// another kind, and for a simplex of one number.
    DensityHead(sdk::Space::Kind kind, const ProjectionSettings &projection, const sdk::HeadContext &context)
        : teacher_(context.teacher), kind_(kind), width_(is_teacher() ? context.tap_width : teacher_->space().width),
          members_(context.members), services_(context.services),
          projection_(make_projection(projection, context, arena_, kind)) {
        if (kind == sdk::Space::Kind::simplex && width_ < 2)
            throw sdk::Error(sdk::ErrorKind::settings,
                             "a simplex of one number has one point, so that all samples are the same; allowed: a tap "
                             "of two numbers or more");
    }

    /// The map of a teacher's head.
    [[nodiscard]] virtual sdk::Affine own_map() const = 0;

    [[nodiscard]] std::size_t width() const { return width_; }

    [[nodiscard]] sdk::Arena &arena() { return arena_; }

    [[nodiscard]] const sdk::Arena &arena() const { return arena_; }

    [[nodiscard]] DensityPassParts pass_parts() const {
        return {services_, projection_ ? &*projection_ : nullptr, width_, members_, is_teacher()};
    }

  private:
    const sdk::Head *teacher_; ///< null on the teacher's side
    sdk::Space::Kind kind_;
    std::size_t width_;
    std::size_t members_;
    sdk::Services &services_;
    sdk::Arena arena_; ///< of the projection, and what a head adds; empty on the teacher's side
    std::optional<Projection> projection_;
};

struct TemperatureSettings {
    double temperature = 1.0;

    void fields(sdk::Fields &fields) {
        fields("temperature", temperature,
               "Teacher's side: what the tap is divided by before it becomes a distribution; the higher, the softer. A "
               "student's head divides by that of the teacher's head, whatever it says itself.",
               {0.01, 1000.0});
    }
};

/// u / temperature, as the map of a space.
class Temperature {
  public:
    Temperature(const TemperatureSettings &settings, std::size_t width)
        : shift_(width), scale_(width, static_cast<float>(1.0 / settings.temperature)) {}

    [[nodiscard]] sdk::Affine affine() const { return {shift_, scale_}; }

  private:
    std::vector<float> shift_;
    std::vector<float> scale_;
};

/// One number of a tap under a map.
[[nodiscard]] inline float mapped(const sdk::Affine &map, std::size_t column, float u) {
    return map.scale.empty() ? u : (u - map.shift[column]) * map.scale[column];
}

/// The slope of that.
[[nodiscard]] inline float slope_of(const sdk::Affine &map, std::size_t column) {
    return map.scale.empty() ? 1.0F : map.scale[column];
}

} // namespace retort::plugin_support
