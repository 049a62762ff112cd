// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <plugins/shared/condition_projection.hpp>
#include <plugins/shared/dense_discriminator.hpp>

namespace retort::discriminator_projection {

/// A projection discriminator (Miyato and Koyama 2018): with phi a fully connected network from the sample to
/// `features` numbers,
///   a(z, c, y) = psi(phi(z)) + <V_y e_y, phi(z)> + <V_c c, phi(z)>,   psi(phi) = <w, phi> + b,
/// e_y being the vector with a 1 in the place of the label y: the columns of V_y are its embedding. The second term is
/// there unless the settings leave it out, and 0 for an unlabelled example; the third, linear in the features c, is
/// there if the pair has a condition.
///
/// Tensors beside those of phi: "projection.weight" [features, condition + classes], which is V_c followed by V_y,
/// "psi.weight" [1, features] and "psi.bias" [1, 1].
class Projection final : public plugin_support::DenseDiscriminator {
  public:
    struct Settings : plugin_support::DenseDiscriminatorSettings {
        std::size_t features = 64;
        bool labels = true;

        void fields(sdk::Fields &fields);
    };

    /// Throws sdk::Error when there is neither a label nor a condition to project on.
    Projection(const Settings &settings, const sdk::DiscriminatorContext &context);

    [[nodiscard]] sdk::Needs needs() const override {
        return {.labels = widths_.classes > 0, .inputs = false, .features = widths_.features > 0};
    }

    void initialise(sdk::Random random) override;

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override;

  private:
    class Pass;

    plugin_support::ConditionWidths widths_;
};

} // namespace retort::discriminator_projection
