// SPDX-License-Identifier: Apache-2.0
// Where the weights that a run trains are while it goes on, and which files they come to.
#include "run_implementation.hpp"
#include "state_digests.hpp"

#include <retort/framework/safetensors.hpp>

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace retort::framework {

/// Of the earlier stage that trained the model, before a stage or its file writes over them.
void Run::Implementation::keep_weights(std::string_view model) {
    const std::span<const float> values = components_.model(model).parameters().values;
    const auto keep = [&](const std::string &trained, std::vector<float> &last) {
        if (trained == model && last.empty())
            last.assign(values.begin(), values.end());
    };
    for (StageRecord &stage : stages_) {
        keep(stage.model, stage.last);
        for (OtherModel &other : stage.others)
            keep(other.model, other.last);
    }
}

/// What a model without parameters is, besides its settings: the records that it has read, say.
void Run::Implementation::digest_fixed_models() {
    for (const Built<sdk::Model> &built : components_.models)
        guarded(built.origin, [&] {
            StateDigests digests;
            if (built.component->parameters().values.empty())
                built.component->visit_state(digests);
            if (!digests.numbers().empty())
                weights_[built.name] = boost::json::array(digests.numbers().begin(), digests.numbers().end());
        });
}

void Run::Implementation::load_stage(StageRemains &remains) {
    StageRecord stage = std::move(*remains.complete);
    progress_.activity("unchanged, loaded", 0, 0);
    log_.write(LogLevel::info, "stage " + stage.name + " is unchanged, and loaded");
    sdk::Model &model = components_.model(stage.model);
    const sdk::Parameters parameters = model.parameters();
    const std::size_t own = remains.weights.size() - stage.others.size();
    for (std::size_t i = own; i-- > 0;) { // the last weights stay in the model
        read_safetensors(directory_.path() / remains.weights[i], parameters);
        if (i > 0)
            stage.selected.assign(parameters.values.begin(), parameters.values.end());
    }
    guarded(components_.model_origin(stage.model), [&] { model.parameters_changed(sdk::Change::restore); });
    for (std::size_t i = 0; i < stage.others.size(); ++i) {
        sdk::Model &other = components_.model(stage.others[i].model);
        read_safetensors(directory_.path() / remains.weights[own + i], other.parameters());
        guarded(components_.model_origin(stage.others[i].model),
                [&] { other.parameters_changed(sdk::Change::restore); });
    }
    components_.trainers[stages_.size()].component.reset();
    stages_.push_back(std::move(stage));
}

/// Where a later stage trains the same model, the name is the stage's own: each can be loaded without the other.
std::string Run::Implementation::weights_of_stage(const StageRecord &stage, const std::string &model,
                                                  std::string_view which) const {
    const auto later = trained_.begin() + static_cast<std::ptrdiff_t>(stages_.size()) + 1;
    const bool trained_again = std::any_of(later, trained_.end(), [&](const std::vector<std::string> &names) {
        return std::find(names.begin(), names.end(), model) != names.end();
    });
    return (trained_again ? stage.name + "." : "") + std::string(which);
}

/// Returns the file's name.
std::string Run::Implementation::save_weights(std::string_view model, std::string_view which, std::span<float> values) {
    std::string name = "weights/" + std::string(model) + "." + std::string(which) + ".safetensors";
    if (!directory_.enabled())
        return name;
    sdk::Parameters parameters = components_.model(model).parameters();
    parameters.values = values;
    write_safetensors(directory_.place(name), parameters);
    return name;
}

/// Training came to numbers that are none, or was stopped by an alarm. Trainers notice before they use them, so that
/// the model is as the step before left it, or give it weights of before the alarm; where one did not, its last
/// checkpoint is what is left.
void Run::Implementation::save_last_good() {
    if (!loop_ || !directory_.enabled())
        return;
    try {
        const std::string &name = plan_.stages[stages_.size()].name;
        const std::string model(components_.trainers[stages_.size()].component->trains());
        const std::span<float> values = components_.model(model).parameters().values;
        const auto finite = [](float value) { return std::isfinite(value); };
        if (std::all_of(values.begin(), values.end(), finite))
            log_.write(LogLevel::info, "the last good weights are in " + save_weights(model, "last_good", values));
        else
            log_.write(LogLevel::info, "the last good weights are in the checkpoints of stage " + name);
    } catch (const std::exception &second) { // the first error is the one to report
        log_.write(LogLevel::error, second.what());
    }
}

} // namespace retort::framework
