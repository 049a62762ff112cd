// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/dense_discriminator.hpp>

namespace retort::discriminator_mlp {

/// a(z): a fully connected network on the sample alone. It ignores conditions, so it can only make the student's
/// distribution of z equal the teacher's over all inputs together, not input by input.
class Mlp final : public plugin_support::DenseDiscriminator {
  public:
    using Settings = plugin_support::DenseDiscriminatorSettings;

    Mlp(const Settings &settings, const sdk::DiscriminatorContext &context)
        : DenseDiscriminator(settings, context, context.space.width) {}

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<plugin_support::DenseDiscriminatorPass>(network(), noise(), services(), spec);
    }
};

} // namespace retort::discriminator_mlp
