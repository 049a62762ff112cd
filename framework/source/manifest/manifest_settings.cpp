// SPDX-License-Identifier: Apache-2.0
#include "manifest_settings.hpp"

#include "object_reader.hpp"

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr const char *schema_key = "$schema";

/// Takes down which things of that role `root` has at `key`, unless what stands there cannot name any.
void define(Reading &reading, const std::string &role, const json::object &root, std::string_view key) {
    const json::value *found = root.if_contains({key.data(), key.size()});
    if (found != nullptr && !found->is_object())
        return; // a mistake of its own
    std::vector<std::string> &names = reading.defined[role];
    if (found != nullptr)
        for (const auto &member : found->get_object())
            names.emplace_back(member.key());
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

void ReportSettings::fields(sdk::Fields &field) {
    field("out_of_distribution", out_of_distribution,
          "Datasets that each model's own test examples are told from by the entropy of its predictions; each of the "
          "width of the model's inputs.");
    field("predictions", predictions,
          "Whether the predictions for all test examples are written, beside their labels.");
}

void ManifestSettings::fields(sdk::Fields &field) {
    field.required("format", format, "Version of the manifest's format.", {1, 1});
    field("seed", seed, "Where all random numbers start.", {0, 9007199254740992.0}); // 2^53: exact in any JSON reader
    field("threads", threads, "How many threads compute; 0: as many as the process may use.", {0, 1024});
    field("precision", precision,
          "What the operands of matrix products are rounded to. bf16 is faster where the processor multiplies bfloat16 "
          "(AVX512_BF16 or AMX); elsewhere a warning says so, and float32 is used. Weights, sums, losses, heads and "
          "optimizers are float32 in any case.");
    field("directory", directory, "Where relative paths start, itself relative to the manifest's folder.");
    field("data", data, "Datasets by name.");
    field("models", models, "Models by name.");
    field("stages", stages, "What is done, in order.");
    field("observers", observers, "Who is told of the run.");
    field("checkpoints", checkpoints, "When an interrupted run could go on.");
    field("report", report, "What the final report says besides what it always says.");
    field("plugins", plugins, "Digests that the files of plugins must have, by the plugins' names.");
    field(schema_key, schema, "Where editors find a JSON Schema of this file. It means nothing to a run.");
}

json::object read_manifest(const json::object &root, ManifestSettings &settings, Reading &reading) {
    define(reading, "dataset", root, "data");
    define(reading, "model", root, "models");
    ObjectReader reader(reading, root, "");
    settings.fields(reader);
    const json::value *changes = reader.raw("changes");
    settings.changes = read_changes(changes, reading);
    json::object resolved = reader.finish();
    resolved.stable_erase(schema_key);
    resolved["changes"] = changes == nullptr ? json::array() : *changes;
    return resolved;
}

} // namespace retort::framework
