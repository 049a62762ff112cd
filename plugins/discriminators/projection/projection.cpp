// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/discriminators/projection/projection.hpp>
#include <plugins/shared/kernels.hpp>
#include <vector>

namespace retort::discriminator_projection {

namespace {

enum Extra : std::size_t { projection_weight, psi_weight, psi_bias };

plugin_support::ConditionWidths widths_of(const Projection::Settings &settings,
                                          const sdk::DiscriminatorContext &context) {
    const plugin_support::ConditionWidths widths{context.condition_width,
                                                 settings.labels ? context.classes : std::size_t{0}};
    if (widths.total() == 0)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "this discriminator projects on the label or on a condition, and there is neither: set "
                         "\"labels\" to true, give its pair a \"condition\", or use the discriminator \"mlp\"",
                         "/labels");
    return widths;
}

std::vector<plugin_support::ExtraTensor> tensors(std::size_t features, std::size_t condition) {
    return {
        {"projection.weight", features, condition, true}, {"psi.weight", 1, features, true}, {"psi.bias", 1, 1, false}};
}

/// Normal numbers with variance 1 / `terms`.
void draw(sdk::Matrix weight, std::size_t terms, sdk::Random random) {
    const std::span<float> values(weight.data, weight.rows * weight.columns);
    sdk::fill_normal(random, values);
    plugin_support::scale(1.0F / std::sqrt(static_cast<float>(terms)), values, values);
}

} // namespace

/// With k = w + V [c; y], a linear map of the condition whose bias is psi's weight, a = <k, phi(z)> + b.
class Projection::Pass final : public plugin_support::DenseDiscriminatorPass {
  public:
    Pass(const Projection &owner, const sdk::PassSpec &spec)
        : DenseDiscriminatorPass(owner.network(), owner.noise(), owner.services(), spec),
          weight_(owner.network().extra(psi_weight)), bias_(owner.network().extra(psi_bias)),
          projection_({owner.network().extra(projection_weight), weight_.values.row(0)}, owner.widths_, spec.rows,
                      owner.services()),
          scores_(spec.rows), phi_gradient_(spec.rows, weight_.values.columns),
          key_gradient_(spec.rows, weight_.values.columns) {}

    void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                 sdk::Progress progress) override {
        keys_ = projection_.forward(condition, rows);
        rows_ = rows;
        score(rows, condition, random, progress, {});
        for (std::size_t row = 0; row < rows; ++row)
            scores_[row] = plugin_support::dot(key(row), output().row(row)) + bias_.values.data[0];
    }

    [[nodiscard]] std::span<const float> scores() const override { return std::span(scores_).first(rows_); }

    void backward(std::span<const float> scores, sdk::ConstMatrix, sdk::Write write) override {
        const sdk::Matrix phi = phi_gradient_.view(rows_);
        for (std::size_t row = 0; row < rows_; ++row)
            plugin_support::scale(scores[row], key(row), phi.row(row));
        backward_from(phi, write);
        if (write == sdk::Write::none)
            return;
        const sdk::Matrix keys = key_gradient_.view(rows_);
        for (std::size_t row = 0; row < rows_; ++row)
            plugin_support::scale(scores[row], output().row(row), keys.row(row));
        gradient_of_keys(keys, scores, write);
    }

    /// The sum is that of <k_r, d phi / d z times the direction>.
    void second_backward(sdk::ConstMatrix direction, sdk::Write write) override {
        const sdk::Matrix seed = phi_gradient_.view(rows_);
        for (std::size_t row = 0; row < rows_; ++row)
            std::ranges::copy(key(row), seed.row(row).begin());
        second_backward_from(seed, direction, write);
        if (write != sdk::Write::none)
            gradient_of_keys(pass().output_tangent(), {}, write);
    }

  private:
    [[nodiscard]] std::span<const float> key(std::size_t row) const { return keys_.row(row % keys_.rows); }

    /// From d loss / d k of each row, and d loss / d b of each, that of V, w and b.
    void gradient_of_keys(sdk::ConstMatrix keys, std::span<const float> scores, sdk::Write write) {
        projection_.backward(keys, write);
        const std::span<float> weight = weight_.gradients.row(0);
        float &bias = bias_.gradients.data[0];
        if (write == sdk::Write::replace) {
            std::ranges::fill(weight, 0.0F);
            bias = 0.0F;
        }
        for (std::size_t row = 0; row < keys.rows; ++row)
            plugin_support::add(weight, keys.row(row));
        for (const float score : scores)
            bias += score;
    }

    plugin_support::TensorView weight_;
    plugin_support::TensorView bias_;
    plugin_support::ConditionProjection projection_;
    std::vector<float> scores_;
    sdk::MatrixBuffer phi_gradient_;
    sdk::MatrixBuffer key_gradient_;
    sdk::ConstMatrix keys_; ///< [B, features]
    std::size_t rows_ = 0;
};

void Projection::Settings::fields(sdk::Fields &fields) {
    DenseDiscriminatorSettings::fields(fields);
    fields("features", features, "Width of phi(z), which stands behind the hidden layers and is projected on.",
           {1, 65536});
    fields("labels", labels,
           "Whether the example's label is projected on, by an embedding. Unlabelled examples have no such term.");
}

Projection::Projection(const Settings &settings, const sdk::DiscriminatorContext &context)
    : DenseDiscriminator(settings, context, context.space.width, settings.features,
                         tensors(settings.features, widths_of(settings, context).total())),
      widths_(widths_of(settings, context)) {}

void Projection::initialise(sdk::Random random) {
    DenseDiscriminator::initialise(random);
    const std::size_t features = network().shape().output_width;
    for (const std::size_t extra : {projection_weight, psi_weight})
        draw(network().extra(extra).values, features, random.at("projection").at(extra));
    network().extra(psi_bias).values.data[0] = 0.0F;
}

std::unique_ptr<sdk::DiscriminatorPass> Projection::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(*this, spec);
}

} // namespace retort::discriminator_projection

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_projection::Projection>(
        "projection",
        "Projection discriminator: a fully connected network on the sample, whose features are multiplied "
        "by an embedding of the label and by the pair's condition if there is one (Miyato and Koyama "
        "2018).");
}
