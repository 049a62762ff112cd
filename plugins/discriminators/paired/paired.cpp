// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <plugins/discriminators/paired/condition_projection.hpp>
#include <plugins/discriminators/paired/paired.hpp>
#include <string>

namespace retort::discriminator_paired {

namespace {

class Pass final : public plugin_support::DenseDiscriminatorPass {
  public:
    Pass(const plugin_support::DenseNetwork &network, const sdk::Schedule &noise, sdk::Services &services,
         const sdk::PassSpec &spec, std::size_t condition_width)
        : DenseDiscriminatorPass(network, noise, services, spec, condition_width), condition_width_(condition_width),
          projection_(network, condition_width, spec.rows) {}

    void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                 sdk::Progress progress) override {
        check(rows, condition.features);
        score(rows, condition, random, progress, projection_.forward(condition.features));
    }

    void backward(std::span<const float> scores, sdk::ConstMatrix class_logits, sdk::Write write) override {
        DenseDiscriminatorPass::backward(scores, class_logits, write);
        if (write != sdk::Write::none)
            projection_.backward(pass().first_gradient(), write);
    }

  private:
    void check(std::size_t rows, sdk::ConstMatrix features) const {
        if (features.empty() || features.columns != condition_width_ || rows % features.rows != 0)
            throw sdk::Error(sdk::ErrorKind::plugin, "the condition of " + std::to_string(rows) + " samples has " +
                                                         std::to_string(features.rows) + " rows of " +
                                                         std::to_string(features.columns) + ", expected a divisor of " +
                                                         "that many, of " + std::to_string(condition_width_));
    }

    std::size_t condition_width_;
    ConditionProjection projection_;
};

const sdk::DiscriminatorContext &with_condition(const sdk::DiscriminatorContext &context) {
    if (context.condition_width == 0)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "this discriminator judges a sample together with a condition, and its pair has none: give "
                         "the pair a \"condition\", such as {\"tap\": \"hidden.1\", \"head\": {\"type\": "
                         "\"random_projection\", \"width\": 64}}, or use the discriminator \"mlp\"");
    return context;
}

} // namespace

Paired::Paired(const Settings &settings, const sdk::DiscriminatorContext &context)
    : DenseDiscriminator(settings, with_condition(context), context.space.width + context.condition_width),
      condition_width_(context.condition_width) {}

std::unique_ptr<sdk::DiscriminatorPass> Paired::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(network(), noise(), services(), spec, condition_width_);
}

} // namespace retort::discriminator_paired

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_paired::Paired>(
        "paired", "Fully connected network that judges a sample together with its example's condition features.");
}
