// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <plugins/shared/dense_network.hpp>
#include <plugins/shared/dense_pass.hpp>
#include <span>
#include <vector>

namespace retort::plugin_support {

/// Settings of the fully connected discriminators.
struct DenseDiscriminatorSettings {
    std::vector<std::size_t> hidden{256, 256};
    Activation activation = Activation::leaky_relu;
    double negative_slope = 0.2;
    double dropout = 0.0;
    sdk::Schedule noise;

    void fields(sdk::Fields &fields);
};

/// The part that fully connected discriminators share: a network from `input_width` numbers to one score, or to
/// `output_width` numbers of which its owner makes a score, and its parameters. Twice differentiable in every layer.
class DenseDiscriminator : public sdk::Discriminator {
  public:
    sdk::Parameters parameters() override { return network_.parameters(); }

    [[nodiscard]] bool twice_differentiable() const override { return true; }

    void initialise(sdk::Random random) override { network_.initialise(random); }

    void parameters_changed(sdk::Change change) override { network_.weights_changed(change, services_); }

  protected:
    DenseDiscriminator(const DenseDiscriminatorSettings &settings, const sdk::DiscriminatorContext &context,
                       std::size_t input_width, std::size_t output_width = 1, std::span<const ExtraTensor> more = {});

    [[nodiscard]] const DenseNetwork &network() const { return network_; }

    [[nodiscard]] const sdk::Schedule &noise() const { return noise_; }

    [[nodiscard]] sdk::Services &services() const { return services_; }

  private:
    DenseNetwork network_;
    sdk::Schedule noise_;
    sdk::Services &services_;
};

/// A pass through such a network; its output is the score, unless a derived class says otherwise. Noise is added to a
/// copy of the input, so the gradient with respect to the noisy copy is the gradient with respect to the sample.
class DenseDiscriminatorPass : public sdk::DiscriminatorPass {
  public:
    /// The network's input is a sample followed by `condition_width` numbers that `score` is given as `offset`.
    DenseDiscriminatorPass(const DenseNetwork &network, const sdk::Schedule &noise, sdk::Services &services,
                           const sdk::PassSpec &spec, std::size_t condition_width = 0);

    sdk::Matrix input() override { return samples_.view(); }

    void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                 sdk::Progress progress) override {
        score(rows, condition, random, progress, {});
    }

    [[nodiscard]] std::span<const float> scores() const override;
    void backward(std::span<const float> scores, sdk::ConstMatrix class_logits, sdk::Write write) override;
    void second_backward(sdk::ConstMatrix direction, sdk::Write write) override;

    [[nodiscard]] sdk::ConstMatrix input_gradient() const override { return pass_.input_gradient(); }

  protected:
    /// forward, with the condition's part of the first layer, see DensePass::forward.
    void score(std::size_t rows, const sdk::Condition &condition, sdk::Random random, sdk::Progress progress,
               sdk::ConstMatrix offset);

    [[nodiscard]] const DensePass &pass() const { return pass_; }

    /// The network's output of the last forward, [rows, output width].
    [[nodiscard]] sdk::ConstMatrix output() const { return pass_.output(output_layer_); }

    /// `backward` from the gradient with respect to the network's output.
    void backward_from(sdk::ConstMatrix gradient, sdk::Write write);

    /// `second_backward`, where the score is the sum of `seed` times the network's output.
    void second_backward_from(sdk::ConstMatrix seed, sdk::ConstMatrix direction, sdk::Write write) {
        pass_.second_backward(seed, direction, write);
    }

  private:
    void derive_streams(std::size_t rows, const sdk::Condition &condition, sdk::Random random);
    void add_noise_to(std::size_t rows, float standard_deviation);

    sdk::Services &services_;
    std::size_t output_layer_;
    bool noisy_;
    sdk::Schedule noise_;
    sdk::MatrixBuffer samples_;
    sdk::MatrixBuffer noisy_samples_;
    std::vector<sdk::Random> streams_; ///< one a row, while there is noise
    std::vector<float> ones_;          ///< made when second_backward is first called
    DensePass pass_;
};

} // namespace retort::plugin_support
