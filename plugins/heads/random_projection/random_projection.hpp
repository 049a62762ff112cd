// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.hpp"

#include <retort/sdk/roles/head.hpp>

#include <memory>
#include <plugins/shared/standardisation.hpp>

namespace retort::head_random_projection {

/// A teacher-side head: q(z|x) is the point z = (u - mean) / standard deviation, u = P h, with a fixed random
/// orthonormal projection P and moments of u over the training data. Small and faithful (distances survive; Johnson and
/// Lindenstrauss 1984), it makes a condition of a wide tap. P follows from the component's stream and is no state.
class RandomProjection final : public sdk::Head {
  public:
    struct Settings {
        std::uint64_t width = 64;
        plugin_support::StandardisationSettings standardisation;

        void fields(sdk::Fields &fields);
    };

    RandomProjection(const Settings &settings, const sdk::HeadContext &context);

    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::real, width_}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] sdk::Affine affine() const override { return standardisation_.affine(); }

    [[nodiscard]] bool needs_fit() const override { return standardisation_.wanted(); }

    void fit(std::span<const sdk::ConstMatrix> members) override;
    bool end_fit() override;

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) override;

    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    void visit_state(sdk::StateVisitor &visitor) override { standardisation_.visit_state(visitor); }

    /// u = P h, on the framework's threads.
    void project(sdk::ConstMatrix h, sdk::Matrix u);

  private:
    std::size_t width_;
    std::size_t tap_width_;
    std::size_t members_;
    sdk::Random random_;
    sdk::Services &services_;
    std::unique_ptr<const Projection> projection_; ///< made when first needed: construction computes nothing
    plugin_support::Standardisation standardisation_;
    sdk::MatrixBuffer fitted_; ///< a batch of u while fitting
};

} // namespace retort::head_random_projection
