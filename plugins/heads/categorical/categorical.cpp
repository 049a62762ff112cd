// SPDX-License-Identifier: Apache-2.0
#include "categorical.hpp"

#include "categorical_pass.hpp"

#include <retort/sdk/plugin.hpp>

namespace retort::head_categorical {

void Categorical::Settings::fields(sdk::Fields &fields) {
    temperature.fields(fields);
    projection.fields(fields);
    fields(
        "relaxation", relaxation,
        "Temperature of the relaxed samples (Gumbel-softmax), a number or a schedule over the stage: near 0 they are "
        "nearly one class each and their gradients vary much, from 1 on they lie inside the simplex. A student's head "
        "takes that of the teacher's head, where it is a categorical one too, whatever it says itself, else the "
        "discriminator would tell the two apart by it.",
        {0.05, 100.0});
}

namespace {

/// That of the teacher's head, if it has one.
const sdk::Schedule &relaxation_of(const Categorical::Settings &settings, const sdk::Head *teacher) {
    const auto *categorical = dynamic_cast<const Categorical *>(teacher);
    return categorical == nullptr ? settings.relaxation : categorical->relaxation();
}

} // namespace

Categorical::Categorical(const Settings &settings, const sdk::HeadContext &context)
    : DensityHead(sdk::Space::Kind::simplex, settings.projection, context), temperature_(settings.temperature, width()),
      relaxation_(relaxation_of(settings, context.teacher)) {
    arena().allocate();
}

std::unique_ptr<sdk::HeadPass> Categorical::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<CategoricalPass>(*this, pass_parts(), spec);
}

} // namespace retort::head_categorical

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_categorical::Categorical>(
        "categorical", "The softmax of the tap as probabilities of classes, with relaxed samples (Gumbel-softmax); a "
                       "student's tap is projected where widths differ.");
}
