// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <plugins/discriminators/spectral_norm_mlp/spectral_norm.hpp>
#include <plugins/shared/conditioned_discriminator.hpp>
#include <vector>

namespace retort::discriminator_spectral_norm_mlp {

/// a(z, c, y): the fully connected network of the discriminator `paired`, each weight divided by its largest singular
/// value (spectral normalisation; Miyato et al. 2018, see SpectralNorm for the formulas). As leaky_relu, relu and tanh
/// stretch nothing, a score moves by no more than its sample: the norm of d a / d z is at most 1, as far as the
/// singular values are known (gelu, whose slope is up to 1.13, stretches a little). It sees the condition of its pair
/// if there is one, and the label if its settings say so; without both it judges the sample alone.
///
/// Parameters are the undivided weights. Passes run on a second network that holds the divided ones, and their
/// gradients are carried over to the parameters. The power iteration moves on after each step of the optimizer and at
/// no other time; its vectors are state.
class SpectralNormMlp final : public plugin_support::ConditionedDiscriminator {
  public:
    struct Settings : plugin_support::ConditionedSettings {
        std::size_t power_iterations = 1;

        void fields(sdk::Fields &fields);
    };

    SpectralNormMlp(const Settings &settings, const sdk::DiscriminatorContext &context);

    void initialise(sdk::Random random) override;
    void parameters_changed(sdk::Change change) override;
    void visit_state(sdk::StateVisitor &visitor) override;
    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override;

  private:
    class Pass;

    void pull_back(sdk::Write write);

    std::size_t power_iterations_;
    plugin_support::DenseNetwork effective_; ///< weights divided, biases copied
    std::vector<SpectralNorm> norms_;        ///< one a layer
};

} // namespace retort::discriminator_spectral_norm_mlp
