// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/head.hpp>

#include <plugins/shared/standardisation.hpp>

namespace retort::head_point {

/// The degenerate distribution: q(z|x) is the point z = (h - mean) / standard deviation, with moments of the teacher's
/// tap over the training data. A student's head applies the same map to its own tap, which must be as wide as the
/// space; it has nothing to train.
class Point final : public sdk::Head {
  public:
    using Settings = plugin_support::StandardisationSettings;

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

    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    void visit_state(sdk::StateVisitor &visitor) override;

  private:
    std::size_t width_;
    std::size_t members_;
    const sdk::Head *teacher_; ///< null on the teacher's side
    plugin_support::Standardisation standardisation_;
};

} // namespace retort::head_point
