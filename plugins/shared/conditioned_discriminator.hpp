// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <plugins/shared/condition_projection.hpp>
#include <plugins/shared/dense_discriminator.hpp>

namespace retort::plugin_support {

/// Settings of the fully connected discriminators that may see more than the sample.
struct ConditionedSettings : DenseDiscriminatorSettings {
    bool labels = false;

    void fields(sdk::Fields &fields);
};

/// A fully connected network on a sample z followed by what is known of the example that it belongs to, [z, c, y]: the
/// features c of its pair's condition, if it has one, and the label y, if it sees that (see ConditionWidths).
class ConditionedDiscriminator : public DenseDiscriminator {
  public:
    [[nodiscard]] sdk::Needs needs() const override {
        return {.labels = widths_.classes > 0, .inputs = false, .features = widths_.features > 0};
    }

  protected:
    ConditionedDiscriminator(const ConditionedSettings &settings, const sdk::DiscriminatorContext &context);

    ConditionedDiscriminator(const DenseDiscriminatorSettings &settings, const sdk::DiscriminatorContext &context,
                             ConditionWidths widths, std::span<const ExtraTensor> more = {});

    [[nodiscard]] ConditionWidths widths() const { return widths_; }

  private:
    ConditionWidths widths_;
};

/// A pass through such a network.
class ConditionedDiscriminatorPass : public DenseDiscriminatorPass {
  public:
    /// `network` and `services` must outlive the pass. `embedding`: of the label, if the widths say so.
    ConditionedDiscriminatorPass(const DenseNetwork &network, ConditionWidths widths, const sdk::Schedule &noise,
                                 sdk::Services &services, const sdk::PassSpec &spec, const TensorView &embedding = {});

    void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                 sdk::Progress progress) override;
    void backward(std::span<const float> scores, sdk::ConstMatrix class_logits, sdk::Write write) override;
    void second_backward(sdk::ConstMatrix direction, sdk::Write write) override;

  private:
    std::optional<ConditionProjection> projection_; ///< none without conditions
};

} // namespace retort::plugin_support
