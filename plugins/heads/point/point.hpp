// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/head.hpp>

#include <optional>
#include <plugins/shared/projection.hpp>
#include <plugins/shared/standardisation.hpp>

namespace retort::head_point {

/// The degenerate distribution: q(z|x) is the point z = (h - mean) / standard deviation, with moments of the teacher's
/// tap over the training data. A student's head applies the same map to its own tap, or to a trained linear projection
/// of it where the widths differ.
class Point final : public sdk::Head {
  public:
    struct Settings {
        plugin_support::StandardisationSettings standardisation;
        plugin_support::ProjectionSettings projection;

        void fields(sdk::Fields &fields);
    };

    Point(const Settings &settings, const sdk::HeadContext &context);

    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::real, width_}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] sdk::Affine affine() const override {
        return teacher_ == nullptr ? standardisation_.affine() : teacher_->affine();
    }

    [[nodiscard]] bool needs_fit() const override { return teacher_ == nullptr && standardisation_.wanted(); }

    void fit(std::span<const sdk::ConstMatrix> members) override;
    bool end_fit() override;

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) override;

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override;

    void visit_state(sdk::StateVisitor &visitor) override;

  private:
    const sdk::Head *teacher_; ///< null on the teacher's side
    std::size_t width_;
    std::size_t members_;
    plugin_support::Standardisation standardisation_;
    sdk::Arena arena_; ///< of the projection
    std::optional<plugin_support::Projection> projection_;
};

} // namespace retort::head_point
