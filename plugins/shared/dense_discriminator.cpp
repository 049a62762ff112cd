// SPDX-License-Identifier: Apache-2.0
#include <plugins/shared/dense_discriminator.hpp>
#include <plugins/shared/noise.hpp>

namespace retort::plugin_support {

namespace {

DenseShape shape_of(const DenseDiscriminatorSettings &settings, std::size_t input_width, std::size_t output_width,
                    sdk::Services &services) {
    DenseShape shape;
    shape.input_width = input_width;
    shape.hidden = settings.hidden;
    shape.output_width = output_width;
    shape.activation = {settings.activation, static_cast<float>(settings.negative_slope)};
    shape.dropout = settings.dropout;
    shape.precision = usable_precision(services);
    return shape;
}

} // namespace

void DenseDiscriminatorSettings::fields(sdk::Fields &fields) {
    fields("hidden", hidden, "Widths of the hidden layers, first to last; an empty list makes a linear discriminator.",
           {1, 65536});
    fields("activation", activation, "What stands behind each hidden layer; gelu is its tanh form.");
    fields("negative_slope", negative_slope, "Slope of leaky_relu below zero; the other activations ignore it.",
           {0, 1});
    fields("dropout", dropout, "Probability with which a hidden unit is dropped, outside evaluation.", {0, 0.99});
    fields("noise", noise,
           "Standard deviation of the Gaussian noise added to samples, outside evaluation, in units of the space. "
           "Noise that decays over the stage keeps early discriminators from being certain.",
           {0, 1e6});
}

DenseDiscriminator::DenseDiscriminator(const DenseDiscriminatorSettings &settings,
                                       const sdk::DiscriminatorContext &context, std::size_t input_width,
                                       std::size_t output_width, std::span<const ExtraTensor> more)
    : network_(shape_of(settings, input_width, output_width, context.services), more), noise_(settings.noise),
      services_(context.services) {}

DenseDiscriminatorPass::DenseDiscriminatorPass(const DenseNetwork &network, const sdk::Schedule &noise,
                                               sdk::Services &services, const sdk::PassSpec &spec,
                                               std::size_t condition_width)
    : services_(services), output_layer_(network.layers() - 1), noisy_(spec.mode != sdk::Mode::evaluate), noise_(noise),
      samples_(spec.rows, network.shape().input_width - condition_width), streams_(noisy_ ? spec.rows : 0),
      pass_(network, services, {spec, condition_width}) {
    if (noisy_ && (noise.value > 0.0 || noise.final_value > 0.0))
        noisy_samples_ = sdk::MatrixBuffer(spec.rows, samples_.view().columns);
}

void DenseDiscriminatorPass::score(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                                   sdk::Progress progress, sdk::ConstMatrix offset) {
    if (noisy_)
        derive_streams(rows, condition, random);
    const auto standard_deviation = static_cast<float>(noise_.at(progress));
    if (!noisy_samples_.view().empty() && standard_deviation > 0.0F) {
        add_noise_to(rows, standard_deviation);
        pass_.forward(noisy_samples_.view(rows), streams_, offset);
    } else {
        pass_.forward(samples_.view(rows), streams_, offset);
    }
}

void DenseDiscriminatorPass::derive_streams(std::size_t rows, const sdk::Condition &condition, sdk::Random random) {
    const std::size_t examples = condition.examples(rows);
    for (std::size_t row = 0; row < rows; ++row)
        streams_[row] = random.at(row / examples).at(condition.batch.first_row + row % examples);
}

void DenseDiscriminatorPass::add_noise_to(std::size_t rows, float standard_deviation) {
    const sdk::Matrix from = samples_.view(rows);
    const sdk::Matrix to = noisy_samples_.view(rows);
    services_.parallel_for(rows, 1 + 1024 / from.columns, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            add_noise(standard_deviation, streams_[row].at("noise"), from.row(row), to.row(row));
    });
}

std::span<const float> DenseDiscriminatorPass::scores() const {
    const sdk::ConstMatrix output = pass_.output(output_layer_);
    return {output.data, output.rows};
}

void DenseDiscriminatorPass::backward(std::span<const float> scores, sdk::ConstMatrix, sdk::Write write) {
    backward_from({scores.data(), scores.size(), 1, 1}, write);
}

void DenseDiscriminatorPass::backward_from(sdk::ConstMatrix gradient, sdk::Write write) {
    const LayerGradient entry{output_layer_, gradient};
    pass_.backward({&entry, 1}, write);
}

void DenseDiscriminatorPass::second_backward(sdk::ConstMatrix direction, sdk::Write write) {
    if (ones_.empty())
        ones_.assign(samples_.view().rows, 1.0F);
    second_backward_from({ones_.data(), direction.rows, 1, 1}, direction, write);
}

} // namespace retort::plugin_support
