// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/names.hpp>
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <plugins/models/ensemble/ensemble.hpp>
#include <plugins/models/ensemble/ensemble_pass.hpp>

namespace retort::model_ensemble {

namespace {

std::string text_of(std::span<const sdk::Tap> taps) {
    std::string text;
    for (const sdk::Tap &tap : taps)
        text += (text.empty() ? "" : ", ") + std::string(tap.name) + " of " + std::to_string(tap.width);
    return text;
}

bool same(std::span<const sdk::Tap> one, std::span<const sdk::Tap> other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](const sdk::Tap &a, const sdk::Tap &b) { return a.name == b.name && a.width == b.width; });
}

} // namespace

void Ensemble::Settings::fields(sdk::Fields &fields) {
    fields.required("members", members,
                    "Models of one shape, whose predictive distributions are averaged and which heads see one by one.");
    fields("draws", draws,
           "How often each is drawn with its dropout on, each draw being a member (Monte Carlo dropout); 0: dropout is "
           "off, as in any evaluation.",
           {0, 1000});
}

Ensemble::Ensemble(const Settings &settings, const sdk::ModelContext &context)
    : draws_(settings.draws), random_(context.random), services_(context.services) {
    if (settings.members.empty() || context.models == nullptr)
        throw sdk::Error(sdk::ErrorKind::settings, "there are no members; allowed: at least one model", "/members");
    for (std::size_t i = 0; i < settings.members.size(); ++i)
        add(settings.members[i].name, settings.members[0].name, "/members/" + std::to_string(i), context);
}

void Ensemble::add(const std::string &name, const std::string &first_name, const std::string &pointer,
                   const sdk::ModelContext &context) {
    sdk::Model &model = context.models->model(name);
    if (!models_.empty() && !same(model.taps(), taps()))
        throw sdk::Error(sdk::ErrorKind::settings,
                         sdk::in_quotes(name) + " has the taps " + text_of(model.taps()) + ", but " +
                             sdk::in_quotes(first_name) + " has " + text_of(taps()) +
                             "; allowed: models with the same taps",
                         pointer);
    if (draws_ > 0 && !model.has_noise())
        throw sdk::Error(sdk::ErrorKind::settings,
                         sdk::in_quotes(name) + ", a member, has no dropout, so that all draws of it would be the "
                                                "same; allowed: 0, or members with dropout",
                         "/draws");
    models_.push_back(&model);
    members_ += model.members() * std::max<std::uint64_t>(draws_, 1);
}

std::unique_ptr<sdk::ModelPass> Ensemble::make_pass(const sdk::PassSpec &spec) {
    if (spec.parameter_gradients || spec.input_gradients)
        throw sdk::Error(sdk::ErrorKind::plugin, "an ensemble has no gradients; train its members by themselves");
    sdk::PassSpec member = spec;
    if (draws_ > 0 || spec.mode == sdk::Mode::train) // it is not the members that train
        member.mode = sdk::Mode::sample;
    std::vector<MemberPass> passes;
    for (sdk::Model *model : models_)
        for (std::uint64_t draw = 0; draw < std::max<std::uint64_t>(draws_, 1); ++draw)
            passes.push_back({model->make_pass(member), model->members()});
    return std::make_unique<EnsemblePass>(std::move(passes), taps(), spec, random_, services_);
}

bool Ensemble::has_noise() const {
    return draws_ > 0 ||
           std::any_of(models_.begin(), models_.end(), [](const auto *model) { return model->has_noise(); });
}

bool Ensemble::answers(sdk::Split split) const {
    return std::all_of(models_.begin(), models_.end(), [&](const auto *model) { return model->answers(split); });
}

bool Ensemble::by_id() const {
    return std::any_of(models_.begin(), models_.end(), [](const auto *model) { return model->by_id(); });
}

} // namespace retort::model_ensemble

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Model, retort::model_ensemble::Ensemble>(
        "ensemble", "Other models as one, or draws of one with its dropout on: the mean of their predictive "
                    "distributions, and each of them for heads.");
}
