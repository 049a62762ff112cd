// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <plugins/discriminators/conditional_mlp/conditional_mlp.hpp>

namespace retort::discriminator_conditional_mlp {

namespace {

plugin_support::ExtraTensor table(const ConditionalMlp::Settings &settings, std::size_t classes) {
    return {"embedding", classes + 1, settings.embedding, true};
}

} // namespace

void ConditionalMlp::Settings::fields(sdk::Fields &fields) {
    DenseDiscriminatorSettings::fields(fields);
    fields("embedding", embedding, "Numbers that stand for a label: a row of a trained table.", {1, 65536});
}

ConditionalMlp::ConditionalMlp(const Settings &settings, const sdk::DiscriminatorContext &context)
    : ConditionedDiscriminator(settings, context, {context.condition_width, context.classes, settings.embedding},
                               std::initializer_list<plugin_support::ExtraTensor>{table(settings, context.classes)}) {}

void ConditionalMlp::initialise(sdk::Random random) {
    ConditionedDiscriminator::initialise(random);
    const sdk::Matrix embedding = network().extra(0).values;
    sdk::fill_normal(random.at("embedding"), {embedding.data, embedding.rows * embedding.columns});
}

std::unique_ptr<sdk::DiscriminatorPass> ConditionalMlp::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<plugin_support::ConditionedDiscriminatorPass>(network(), widths(), noise(), services(),
                                                                          spec, network().extra(0));
}

} // namespace retort::discriminator_conditional_mlp

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_conditional_mlp::ConditionalMlp>(
        "conditional_mlp",
        "Fully connected network that judges a sample together with its example's label, by a trained embedding, and "
        "with its pair's condition if there is one (Mirza and Osindero 2014).");
}
