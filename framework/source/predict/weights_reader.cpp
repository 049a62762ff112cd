// SPDX-License-Identifier: Apache-2.0
#include "weights_reader.hpp"

#include <retort/framework/safetensors.hpp>

#include <algorithm>
#include <filesystem>

namespace retort::framework {

namespace {

void read_file(Components &components, const std::string &name, const std::filesystem::path &file) {
    sdk::Model &model = components.model(name);
    read_safetensors(file, model.parameters());
    guarded(components.model_origin(name), [&] { model.parameters_changed(sdk::Change::restore); });
}

/// The weights of a model that is a part of another.
std::filesystem::path file_of(const std::filesystem::path &folder, const std::string &name) {
    for (const char *kind : {".last.safetensors", ".loaded.safetensors"})
        if (std::filesystem::exists(folder / (name + kind)))
            return folder / (name + kind);
    throw Error(ErrorCode::data, folder.string(), "there are no weights of the model '" + name + "'");
}

} // namespace

const PlannedModel &planned_model(const Plan &plan, std::string_view name) {
    return *std::find_if(plan.models.begin(), plan.models.end(), [&](const auto &model) { return model.name == name; });
}

void read_weights(const Plan &plan, Components &components, const WeightsFile &file) {
    const std::vector<std::string> &parts = planned_model(plan, file.model).models;
    if (parts.empty())
        return read_file(components, file.model, file.file);
    for (const std::string &part : parts)
        if (!components.model(part).parameters().values.empty())
            read_file(components, part, file_of(file.file, part));
}

} // namespace retort::framework
