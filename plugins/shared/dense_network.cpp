// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <plugins/shared/dense_network.hpp>
#include <string>
#include <utility>

namespace retort::plugin_support {

DenseNetwork::DenseNetwork(DenseShape shape, std::span<const ExtraTensor> more) : shape_(std::move(shape)) {
    for (std::size_t layer = 0; layer < layers(); ++layer) {
        const std::string name = "layers." + std::to_string(layer);
        arena_.add(name + ".weight", {output_width(layer), input_width(layer)}, true);
        arena_.add(name + ".bias", {output_width(layer)}, false);
    }
    for (const ExtraTensor &entry : more)
        arena_.add(entry.name, {entry.rows, entry.columns}, entry.decays);
    arena_.allocate(shape_.precision == sdk::Precision::bf16);
}

std::size_t DenseNetwork::input_width(std::size_t layer) const {
    return layer == 0 ? shape_.input_width : shape_.hidden[layer - 1];
}

std::size_t DenseNetwork::output_width(std::size_t layer) const {
    return hidden(layer) ? shape_.hidden[layer] : shape_.output_width;
}

TensorView DenseNetwork::tensor(std::size_t index) const {
    const sdk::Parameter &entry = arena_.parameters().table[index];
    const auto view = [&](std::span<float> values) {
        return sdk::Matrix{values.data(), entry.shape[0], entry.shape[1], entry.shape[1]};
    };
    return {view(arena_.values(index)), view(arena_.gradients(index))};
}

void DenseNetwork::initialise(sdk::Random random) {
    for (std::size_t layer = 0; layer < layers(); ++layer) {
        if (shape_.initialisation == Initialisation::he)
            initialise_he(layer, random.at(layer));
        else
            initialise_xavier(layer, random.at(layer));
        std::fill(bias(layer).begin(), bias(layer).end(), 0.0F);
    }
}

void DenseNetwork::weights_changed(sdk::Change change, sdk::Services &services) {
    ++changes_;
    const sdk::Parameters all = arena_.parameters();
    if (all.rounded == nullptr || (std::exchange(all.rounded->current, false) && change == sdk::Change::step))
        return;
    const std::size_t parts = services.threads();
    services.parallel_for(parts, 1, [&](std::size_t begin, std::size_t end) { // of each weight, as optimizers do
        for (std::size_t layer = 0; layer < layers(); ++layer) {
            const sdk::Parameter &tensor = all.table[2 * layer];
            const std::size_t first = tensor.offset + tensor.size * begin / parts;
            const std::size_t count = tensor.offset + tensor.size * end / parts - first;
            round_to_bfloat16(all.values.subspan(first, count), all.rounded->values.subspan(first, count));
        }
    });
}

void DenseNetwork::initialise_he(std::size_t layer, sdk::Random random) {
    const bool leaky = shape_.activation.kind == Activation::leaky_relu;
    const float slope = leaky ? shape_.activation.negative_slope : 0.0F;
    const float gain = hidden(layer) ? 2.0F / (1.0F + slope * slope) : 1.0F;
    const float deviation = std::sqrt(gain / static_cast<float>(input_width(layer)));
    sdk::fill_normal(random, weight(layer));
    for (float &value : weight(layer))
        value *= deviation;
}

void DenseNetwork::initialise_xavier(std::size_t layer, sdk::Random random) {
    const float bound = std::sqrt(6.0F / static_cast<float>(input_width(layer) + output_width(layer)));
    sdk::fill_uniform(random, weight(layer));
    for (float &value : weight(layer))
        value = bound * (2.0F * value - 1.0F);
}

} // namespace retort::plugin_support
