// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <plugins/discriminators/paired/paired.hpp>

namespace retort::discriminator_paired {

namespace {

const sdk::DiscriminatorContext &with_condition(const sdk::DiscriminatorContext &context, bool labels) {
    if (context.condition_width == 0 && !labels)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "this discriminator judges a sample together with a condition, and its pair has none: give "
                         "the pair a \"condition\", such as {\"tap\": \"hidden.1\", \"head\": {\"type\": "
                         "\"random_projection\", \"width\": 64}}, set \"labels\" to true, or use the discriminator "
                         "\"mlp\"");
    return context;
}

} // namespace

Paired::Paired(const Settings &settings, const sdk::DiscriminatorContext &context)
    : ConditionedDiscriminator(settings, with_condition(context, settings.labels)) {}

} // namespace retort::discriminator_paired

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_paired::Paired>(
        "paired", "Fully connected network that judges a sample together with its example's condition features, its "
                  "label, or both.");
}
