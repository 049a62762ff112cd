// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/models/mlp/mlp.hpp>
#include <plugins/shared/dense_pass.hpp>

namespace retort::model_mlp {

using plugin_support::DensePass;
using plugin_support::LayerGradient;

namespace {

plugin_support::DenseShape shape_of(const Mlp::Settings &settings, const sdk::ModelContext &context) {
    plugin_support::DenseShape shape;
    shape.input_width = context.input_width;
    shape.hidden = settings.hidden;
    shape.output_width = context.classes;
    shape.activation = {settings.activation, static_cast<float>(settings.negative_slope)};
    shape.initialisation = settings.initialisation;
    shape.dropout = settings.dropout;
    shape.input_dropout = settings.input_dropout;
    shape.precision = plugin_support::usable_precision(context.services);
    return shape;
}

class Pass final : public sdk::ModelPass {
  public:
    Pass(const plugin_support::DenseNetwork &network, sdk::Services &services, const sdk::PassSpec &spec)
        : noisy_(spec.mode != sdk::Mode::evaluate), taps_(spec.taps.begin(), spec.taps.end()),
          streams_(noisy_ ? spec.rows : 0), pass_(network, services, {spec}) {}

    void forward(const sdk::Batch &batch, sdk::Random random) override {
        for (std::size_t row = 0; row < std::min(streams_.size(), batch.inputs.rows); ++row)
            streams_[row] = random.at(batch.first_row + row);
        pass_.forward(batch.inputs, streams_);
    }

    [[nodiscard]] sdk::ConstMatrix tap(std::size_t index) const override {
        check(index);
        return pass_.output(index);
    }

    void backward(std::span<const sdk::TapGradient> gradients, sdk::Write write) override {
        gradients_.clear();
        for (const sdk::TapGradient &entry : gradients) {
            check(entry.tap);
            gradients_.push_back({entry.tap, entry.gradient});
        }
        pass_.backward(gradients_, write);
    }

    [[nodiscard]] sdk::ConstMatrix input_gradient() const override { return pass_.input_gradient(); }

  private:
    void check(std::size_t tap) const {
        if (std::find(taps_.begin(), taps_.end(), tap) == taps_.end())
            throw sdk::Error(sdk::ErrorKind::plugin,
                             "tap " + std::to_string(tap) + " is not among those that the pass was made for");
    }

    bool noisy_;
    std::vector<std::size_t> taps_;
    std::vector<sdk::Random> streams_; ///< one a row, while there is noise
    std::vector<LayerGradient> gradients_;
    DensePass pass_;
};

} // namespace

void Mlp::Settings::fields(sdk::Fields &fields) {
    fields("hidden", hidden,
           "Widths of the hidden layers, first to last. An empty list makes a linear model. "
           "The taps are hidden.0, hidden.1, ... (after the activation, before dropout) and logits.",
           {1, 65536});
    fields("activation", activation, "What stands behind each hidden layer; gelu is its tanh form.");
    fields("negative_slope", negative_slope, "Slope of leaky_relu below zero; the other activations ignore it.",
           {0, 1});
    fields("dropout", dropout,
           "Probability with which a hidden unit is dropped in training, the others being scaled up to match.",
           {0, 0.99});
    fields("input_dropout", input_dropout, "The same for the numbers of the input.", {0, 0.99});
    fields("max_norm", max_norm,
           "Longest that the incoming weights of a hidden unit may be, as a vector: after each step of the optimizer "
           "longer ones are shortened to it. 0: any length. Serves beside dropout, with norms of 3 to 4.",
           {0, 1e6});
    fields("initialisation", initialisation,
           "Initial weights. he: normal, variance 2 / (1 + slope^2) / fan_in, in the output layer 1 / fan_in. "
           "xavier: uniform within sqrt(6 / (fan_in + fan_out)). Biases begin at zero.");
}

Mlp::Mlp(const Settings &settings, const sdk::ModelContext &context)
    : network_(shape_of(settings, context)), max_norm_(static_cast<float>(settings.max_norm)),
      services_(context.services) {
    for (std::size_t layer = 0; layer < network_.layers(); ++layer) {
        const std::string &name =
            tap_names_.emplace_back(network_.hidden(layer) ? "hidden." + std::to_string(layer) : "logits");
        taps_.push_back({name, network_.output_width(layer)});
    }
}

void Mlp::parameters_changed(sdk::Change change) {
    const bool clips = change == sdk::Change::step && max_norm_ > 0.0F;
    if (clips)
        for (std::size_t layer = 0; network_.hidden(layer); ++layer)
            clip_units(layer);
    network_.weights_changed(clips ? sdk::Change::restore : change, services_);
}

void Mlp::clip_units(std::size_t layer) {
    const std::size_t width = network_.input_width(layer);
    services_.parallel_for(network_.output_width(layer), 1 + 16384 / width, [&](std::size_t begin, std::size_t end) {
        for (std::size_t unit = begin; unit < end; ++unit) {
            const std::span<float> incoming = network_.weight(layer).subspan(unit * width, width);
            const float norm = std::sqrt(plugin_support::dot(incoming, incoming));
            if (norm > max_norm_)
                plugin_support::scale(max_norm_ / norm, incoming, incoming);
        }
    });
}

std::unique_ptr<sdk::ModelPass> Mlp::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(network_, services_, spec);
}

} // namespace retort::model_mlp

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Model, retort::model_mlp::Mlp>(
        "mlp", "Fully connected network (multilayer perceptron) of any depth and widths.");
}
