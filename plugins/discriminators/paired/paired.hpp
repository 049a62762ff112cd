// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/dense_discriminator.hpp>

namespace retort::discriminator_paired {

/// a(z, c): a fully connected network on the sample followed by the features c of the example it belongs to, [z, c]. So
/// it judges z given x, and meeting it makes q_s(z|x) equal q_t(z|x) as far as c tells inputs apart.
class Paired final : public plugin_support::DenseDiscriminator {
  public:
    using Settings = plugin_support::DenseDiscriminatorSettings;

    /// Throws sdk::Error when the pair has no condition.
    Paired(const Settings &settings, const sdk::DiscriminatorContext &context);

    [[nodiscard]] sdk::Needs needs() const override { return {.labels = false, .inputs = false, .features = true}; }

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override;

  private:
    std::size_t condition_width_;
};

} // namespace retort::discriminator_paired
