// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/dense_discriminator.hpp>

namespace retort::discriminator_auxiliary_classifier {

/// A fully connected network from the sample z to a score a(z), teacher or student, and the logits of a class (Odena et
/// al. 2017; for distillation Xu et al. 2017): row 0 of its last layer gives the score, the others the classes. Whoever
/// trains it trains the logits on the labels of both sides' samples, and the student on those of its own.
///
/// It judges the sample alone: told of the condition, it would know the class whatever the sample says of it.
class AuxiliaryClassifier final : public plugin_support::DenseDiscriminator {
  public:
    using Settings = plugin_support::DenseDiscriminatorSettings;

    AuxiliaryClassifier(const Settings &settings, const sdk::DiscriminatorContext &context)
        : DenseDiscriminator(settings, context, context.space.width, 1 + context.classes) {}

    [[nodiscard]] bool classifies() const override { return true; }

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override;

  private:
    class Pass;
};

} // namespace retort::discriminator_auxiliary_classifier
