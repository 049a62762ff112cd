// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/names.hpp>

#include <algorithm>
#include <plugins/trainers/supervised/samples.hpp>

namespace retort::trainer_supervised {

namespace {

bool same_shape(sdk::Model &one, sdk::Model &other) {
    const std::span<const sdk::Parameter> a = one.parameters().table;
    const std::span<const sdk::Parameter> b = other.parameters().table;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const sdk::Parameter &x, const sdk::Parameter &y) {
        return x.name == y.name && x.shape == y.shape && x.offset == y.offset;
    });
}

} // namespace

Samples::Samples(const SamplesSettings &settings, sdk::Model &model, const std::string &name, std::uint64_t steps,
                 const sdk::TrainerContext &context)
    : model_(&model), burn_in_(static_cast<std::uint64_t>(settings.burn_in * static_cast<double>(steps))),
      steps_(steps) {
    if (settings.models.empty())
        context.problems.add("/samples/models", "there are no models; allowed: at least one");
    for (std::size_t i = 0; i < settings.models.size(); ++i)
        add(settings.models[i].name, name, "/samples/models/" + std::to_string(i), context);
    if (steps_ - burn_in_ < settings.models.size())
        context.problems.add("/samples/burn_in", "of the stage's " + std::to_string(steps_) + " steps " +
                                                     std::to_string(steps_ - burn_in_) +
                                                     " come after it; allowed: at least one for each of the " +
                                                     std::to_string(settings.models.size()) + " models");
}

void Samples::add(const std::string &name, const std::string &trained, const std::string &pointer,
                  const sdk::TrainerContext &context) {
    sdk::Model &model = context.parts.model(name);
    if (name == trained)
        context.problems.add(pointer, sdk::in_quotes(name) + " is the model that is trained; allowed: others");
    else if (std::find(names_.begin(), names_.end(), name) != names_.end())
        context.problems.add(pointer, sdk::in_quotes(name) + " is named twice; allowed: each model once");
    else if (!same_shape(*model_, model))
        context.problems.add(pointer, sdk::in_quotes(name) + " has other weights than " + sdk::in_quotes(trained) +
                                          "; allowed: models of the same type and widths");
    names_.push_back(name);
    models_.push_back(&model);
}

std::uint64_t Samples::step_of(std::size_t index) const {
    return burn_in_ + (index + 1) * (steps_ - burn_in_) / models_.size();
}

void Samples::take(std::uint64_t k) {
    for (std::size_t i = 0; i < models_.size(); ++i) {
        if (step_of(i) != k + 1)
            continue;
        const std::span<const float> values = model_->parameters().values;
        std::copy(values.begin(), values.end(), models_[i]->parameters().values.begin());
        models_[i]->parameters_changed(sdk::Change::restore);
    }
}

} // namespace retort::trainer_supervised
