// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <plugins/discriminators/spectral_norm_mlp/spectral_norm_mlp.hpp>
#include <plugins/shared/kernels.hpp>
#include <string>

namespace retort::discriminator_spectral_norm_mlp {

using plugin_support::DenseNetwork;

namespace {

sdk::Matrix weight(const DenseNetwork &network, std::size_t layer) {
    return network.weights(layer).values;
}

sdk::Matrix weight_gradient(const DenseNetwork &network, std::size_t layer) {
    return network.weights(layer).gradients;
}

} // namespace

/// A pass through the divided weights.
class SpectralNormMlp::Pass final : public plugin_support::ConditionedDiscriminatorPass {
  public:
    Pass(SpectralNormMlp &owner, const sdk::PassSpec &spec)
        : ConditionedDiscriminatorPass(owner.effective_, owner.widths(), owner.noise(), owner.services(), spec),
          owner_(owner) {}

    void backward(std::span<const float> scores, sdk::ConstMatrix class_logits, sdk::Write write) override {
        const bool wanted = write != sdk::Write::none;
        ConditionedDiscriminatorPass::backward(scores, class_logits, wanted ? sdk::Write::replace : sdk::Write::none);
        if (wanted)
            owner_.pull_back(write);
    }

    void second_backward(sdk::ConstMatrix direction, sdk::Write write) override {
        const bool wanted = write != sdk::Write::none;
        ConditionedDiscriminatorPass::second_backward(direction, wanted ? sdk::Write::replace : sdk::Write::none);
        if (wanted)
            owner_.pull_back(write);
    }

  private:
    SpectralNormMlp &owner_;
};

void SpectralNormMlp::Settings::fields(sdk::Fields &fields) {
    ConditionedSettings::fields(fields);
    fields("power_iterations", power_iterations,
           "Steps of the power iteration that estimates the largest singular values, after each step of the optimizer.",
           {1, 100});
}

SpectralNormMlp::SpectralNormMlp(const Settings &settings, const sdk::DiscriminatorContext &context)
    : ConditionedDiscriminator(settings, context), power_iterations_(settings.power_iterations),
      effective_(network().shape()) {
    for (std::size_t layer = 0; layer < effective_.layers(); ++layer)
        norms_.emplace_back(effective_.output_width(layer), effective_.input_width(layer), context.services);
}

void SpectralNormMlp::initialise(sdk::Random random) {
    ConditionedDiscriminator::initialise(random);
    for (std::size_t layer = 0; layer < norms_.size(); ++layer)
        norms_[layer].initialise(weight(network(), layer), random.at("power_iteration").at(layer));
}

void SpectralNormMlp::parameters_changed(sdk::Change change) {
    const std::size_t steps = change == sdk::Change::step ? power_iterations_ : 0;
    for (std::size_t layer = 0; layer < norms_.size(); ++layer) {
        for (std::size_t i = 0; i < steps; ++i)
            norms_[layer].iterate(weight(network(), layer));
        norms_[layer].divide(weight(network(), layer), weight(effective_, layer));
        std::ranges::copy(network().bias(layer), effective_.bias(layer).begin());
    }
    effective_.weights_changed(change, services());
}

void SpectralNormMlp::visit_state(sdk::StateVisitor &visitor) {
    ConditionedDiscriminator::visit_state(visitor);
    for (std::size_t layer = 0; layer < norms_.size(); ++layer) {
        const std::string name = "layers." + std::to_string(layer) + ".";
        visitor.array(name + "u", norms_[layer].u());
        visitor.array(name + "v", norms_[layer].v());
    }
}

std::unique_ptr<sdk::DiscriminatorPass> SpectralNormMlp::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(*this, spec);
}

/// Carries the gradients that a backward left in the network of divided weights over to the parameters.
void SpectralNormMlp::pull_back(sdk::Write write) {
    for (std::size_t layer = 0; layer < norms_.size(); ++layer) {
        norms_[layer].pull_back(weight(effective_, layer), weight_gradient(effective_, layer),
                                weight_gradient(network(), layer), write);
        if (write == sdk::Write::replace)
            std::ranges::copy(effective_.bias_gradient(layer), network().bias_gradient(layer).begin());
        else
            plugin_support::add(network().bias_gradient(layer), effective_.bias_gradient(layer));
    }
}

} // namespace retort::discriminator_spectral_norm_mlp

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_spectral_norm_mlp::SpectralNormMlp>(
        "spectral_norm_mlp",
        "Fully connected network whose weights are divided by their largest singular values (Miyato et al. 2018); it "
        "sees its pair's condition if there is one.");
}
