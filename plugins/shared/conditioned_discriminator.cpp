// SPDX-License-Identifier: Apache-2.0
#include <plugins/shared/conditioned_discriminator.hpp>

namespace retort::plugin_support {

void ConditionedSettings::fields(sdk::Fields &fields) {
    DenseDiscriminatorSettings::fields(fields);
    fields("labels", labels,
           "Whether it also sees the example's label, by an embedding that is added in the first layer. Unlabelled "
           "examples have none.");
}

ConditionedDiscriminator::ConditionedDiscriminator(const ConditionedSettings &settings,
                                                   const sdk::DiscriminatorContext &context)
    : ConditionedDiscriminator(settings, context,
                               {context.condition_width, settings.labels ? context.classes : std::size_t{0}}) {}

ConditionedDiscriminator::ConditionedDiscriminator(const DenseDiscriminatorSettings &settings,
                                                   const sdk::DiscriminatorContext &context, ConditionWidths widths,
                                                   std::span<const ExtraTensor> more)
    : DenseDiscriminator(settings, context, context.space.width + widths.total(), 1, more), widths_(widths) {}

ConditionedDiscriminatorPass::ConditionedDiscriminatorPass(const DenseNetwork &network, ConditionWidths widths,
                                                           const sdk::Schedule &noise, sdk::Services &services,
                                                           const sdk::PassSpec &spec, const TensorView &embedding)
    : DenseDiscriminatorPass(network, noise, services, spec, widths.total()) {
    if (widths.total() > 0)
        projection_.emplace(network, widths, spec.rows, services, embedding);
}

void ConditionedDiscriminatorPass::forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                                           sdk::Progress progress) {
    score(rows, condition, random, progress, projection_ ? projection_->forward(condition, rows) : sdk::ConstMatrix{});
}

void ConditionedDiscriminatorPass::backward(std::span<const float> scores, sdk::ConstMatrix class_logits,
                                            sdk::Write write) {
    DenseDiscriminatorPass::backward(scores, class_logits, write);
    if (projection_ && write != sdk::Write::none)
        projection_->backward(pass().first_gradient(), write);
}

void ConditionedDiscriminatorPass::second_backward(sdk::ConstMatrix direction, sdk::Write write) {
    DenseDiscriminatorPass::second_backward(direction, write);
    if (!projection_ || write == sdk::Write::none)
        return;
    if (!pass().first_gradient().empty())
        projection_->backward(pass().first_gradient(), write);
    else if (write == sdk::Write::replace) // the condition moves no slope where the activation is linear in pieces
        projection_->clear_gradients();
}

} // namespace retort::plugin_support
