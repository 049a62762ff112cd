// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/conditioned_discriminator.hpp>

namespace retort::discriminator_paired {

/// a(z, c, y): a fully connected network on the sample followed by the features c of the example it belongs to, and by
/// its label y if the settings ask for that. So it judges z given x, and meeting it makes q_s(z|x) equal q_t(z|x) as
/// far as c and y tell inputs apart.
class Paired final : public plugin_support::ConditionedDiscriminator {
  public:
    using Settings = plugin_support::ConditionedSettings;

    /// Throws sdk::Error when the pair has no condition and labels are not asked for.
    Paired(const Settings &settings, const sdk::DiscriminatorContext &context);

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<plugin_support::ConditionedDiscriminatorPass>(network(), widths(), noise(), services(),
                                                                              spec);
    }
};

} // namespace retort::discriminator_paired
