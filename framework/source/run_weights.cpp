// SPDX-License-Identifier: Apache-2.0
#include "run_implementation.hpp"

#include <retort/framework/safetensors.hpp>

#include <algorithm>
#include <cmath>
#include <exception>

namespace retort::framework {

/// Where a later stage trains the same model, the name is the stage's own: each can be loaded without the other.
std::string Run::Implementation::weights_of_stage(const StageRecord &stage, std::string_view which) const {
    const auto later = trained_.begin() + static_cast<std::ptrdiff_t>(stages_.size()) + 1;
    const bool trained_again = std::find(later, trained_.end(), stage.model) != trained_.end();
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

/// Training came to numbers that are none. Trainers notice before they use them, so that the model is as the step
/// before left it; where one did not, its last checkpoint is what is left.
void Run::Implementation::save_last_good() {
    if (!loop_ || !directory_.enabled())
        return;
    try {
        const std::string &name = plan_.stages[stages_.size()].name;
        const std::string model(components_.trainers[stages_.size()].component->trains());
        const std::span<float> values = components_.model(model).parameters().values;
        const auto finite = [](float value) { return std::isfinite(value); };
        if (std::all_of(values.begin(), values.end(), finite))
            log_.write(LogLevel::info,
                       "the weights of before that step are in " + save_weights(model, "last_good", values));
        else
            log_.write(LogLevel::info, "the last good weights are in the checkpoints of stage " + name);
    } catch (const std::exception &second) { // the first error is the one to report
        log_.write(LogLevel::error, second.what());
    }
}

} // namespace retort::framework
