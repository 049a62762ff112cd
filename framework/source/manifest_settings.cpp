// SPDX-License-Identifier: Apache-2.0
#include "manifest_settings.hpp"

#include "object_reader.hpp"

namespace retort::framework {

namespace json = boost::json;

namespace {

std::vector<std::string> keys_of(const json::object &root, std::string_view key) {
    std::vector<std::string> keys;
    const json::value *found = root.if_contains({key.data(), key.size()});
    if (found != nullptr && found->is_object()) {
        for (const auto &member : found->get_object())
            keys.emplace_back(member.key());
    }
    return keys;
}

} // namespace

void ModelSettings::fields(sdk::Fields &field) {
    field("", model, "What kind of model it is.");
    field("weights", weights, "Safetensors file to load instead of training; relative to the manifest's directory.");
    field("initialise_as", initialise_as, "Model whose random numbers its first weights are drawn with.");
}

void StageSettings::fields(sdk::Fields &field) {
    field.required("name", name, "What the stage is called in paths, logs and files.");
    field("", trainer, "What is done in the stage.");
}

void CheckpointSettings::fields(sdk::Fields &field) {
    field("every_steps", every_steps,
          "Keep a checkpoint of the running stage after so many steps, beside the end of each epoch; 0: only then.",
          {0, 1e9});
    field("keep", keep, "How many of a stage's latest checkpoints stay, beside that of its best epoch on validation.",
          {1, 1000});
}

void ManifestSettings::fields(sdk::Fields &field) {
    field.required("format", format, "Version of the manifest's format.", {1, 1});
    field("seed", seed, "Where all random numbers start.", {0, 9007199254740992.0}); // 2^53: exact in any JSON reader
    field("threads", threads, "How many threads compute; 0: as many as the process may use.", {0, 1024});
    field("directory", directory, "Where relative paths start, itself relative to the manifest's folder.");
    field("data", data, "Datasets by name.");
    field("models", models, "Models by name.");
    field("stages", stages, "What is done, in order.");
    field("observers", observers, "Who is told of the run.");
    field("checkpoints", checkpoints, "When an interrupted run could go on.");
    field("plugins", plugins, "Digests that the files of plugins must have, by the plugins' names.");
}

json::object read_manifest(const json::object &root, ManifestSettings &settings, Reading &reading) {
    reading.defined["dataset"] = keys_of(root, "data");
    reading.defined["model"] = keys_of(root, "models");
    ObjectReader reader(reading, root, "");
    settings.fields(reader);
    return reader.finish();
}

} // namespace retort::framework
