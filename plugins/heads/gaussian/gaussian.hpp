// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/head.hpp>

#include <optional>
#include <plugins/shared/projection.hpp>
#include <plugins/shared/standardisation.hpp>
#include <span>
#include <vector>

namespace retort::head_gaussian {

/// The normal distribution with independent dimensions, q(z|x) = N(mu(x), diag sigma(x)^2), in the space of `point`:
/// z = (u - shift) * scale, the teacher's standardisation.
///
/// Teacher's side, only fitted: mu is the tap under that map, sigma = `scale` * the tap's standard deviation over the
/// training data (with the standardisation's floor) under that map, the same for every x. Of K members, mu is the mean
/// and sigma their standard deviation (divided by K), with the sigma of one member as its floor.
///
/// Student's side: mu is the tap, projected where the widths differ, under the teacher's map (of K members, their
/// mean), and sigma = `least_scale` + softplus(rho) with a rho per dimension that is trained with the student.
class Gaussian final : public sdk::Head {
  public:
    struct Settings {
        plugin_support::StandardisationSettings standardisation;
        plugin_support::ProjectionSettings projection;
        double scale = 0.1;
        double least_scale = 0.01;

        void fields(sdk::Fields &fields);
    };

    /// Throws sdk::Error when a student's `scale` is not above its floor, or the teacher's space is a simplex.
    Gaussian(const Settings &settings, const sdk::HeadContext &context);

    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::real, width_}; }

    [[nodiscard]] std::string_view family() const override { return "diagonal_gaussian"; }

    [[nodiscard]] sdk::Affine affine() const override {
        return is_teacher() ? standardisation_.affine() : teacher_->affine();
    }

    [[nodiscard]] bool needs_fit() const override { return is_teacher(); }

    void fit(std::span<const sdk::ConstMatrix> members) override;
    bool end_fit() override;

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) override;

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override;

    /// Computes sigma from rho.
    void parameters_changed(sdk::Change change) override;

    void visit_state(sdk::StateVisitor &visitor) override;

    [[nodiscard]] bool is_teacher() const { return teacher_ == nullptr; }

    /// sigma per dimension; on the teacher's side that of one member.
    [[nodiscard]] std::span<const float> deviation() const { return deviation_; }

    /// Student's side: the gradient of rho from that of sigma, summed over rows, as `write` says.
    void write_scale_gradient(std::span<const double> deviation_gradient, sdk::Write write);

  private:
    const sdk::Head *teacher_; ///< null on the teacher's side
    Settings settings_;
    std::size_t width_;
    std::size_t members_;
    sdk::Services &services_;
    plugin_support::Standardisation standardisation_;
    sdk::Arena arena_; ///< of the projection, and rho; empty on the teacher's side
    std::optional<plugin_support::Projection> projection_;
    std::size_t raw_scale_ = 0; ///< rho's index in the arena
    std::vector<float> deviation_;
};

} // namespace retort::head_gaussian
