// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <plugins/shared/conditioned_discriminator.hpp>

namespace retort::discriminator_conditional_mlp {

/// a(z, c, y): a fully connected network on the sample z, the features c of its pair's condition if there is one, and
/// e_y, the row of a trained table that belongs to the label y (a conditional discriminator; Mirza and Osindero 2014).
/// Unlabelled examples have a row of their own, which is trained as the others are, so that D judges them by what is
/// known of them: z and c. Meeting it makes q_s(z|y) equal q_t(z|y), or q_s(z|x) equal q_t(z|x) as far as c and y tell
/// inputs apart.
///
/// The table is the tensor "embedding" [classes + 1, width], the last row being that of unlabelled examples.
class ConditionalMlp final : public plugin_support::ConditionedDiscriminator {
  public:
    struct Settings : plugin_support::DenseDiscriminatorSettings {
        std::size_t embedding = 16;

        void fields(sdk::Fields &fields);
    };

    ConditionalMlp(const Settings &settings, const sdk::DiscriminatorContext &context);

    void initialise(sdk::Random random) override;

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override;
};

} // namespace retort::discriminator_conditional_mlp
