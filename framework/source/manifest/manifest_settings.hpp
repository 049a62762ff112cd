// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "changes.hpp"
#include "pins.hpp"
#include "reading.hpp"

#include <retort/sdk/sdk.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace retort::framework {

struct ModelSettings {
    sdk::ComponentSpec<sdk::Model> model;
    std::string weights;
    sdk::Reference<sdk::Model> initialise_as;

    void fields(sdk::Fields &field);
};

struct StageSettings {
    std::string name;
    sdk::ComponentSpec<sdk::Trainer> trainer;

    void fields(sdk::Fields &field);
};

struct CheckpointSettings {
    std::uint64_t every_steps = 0;
    std::uint64_t keep = 2;

    void fields(sdk::Fields &field);
};

struct ReportSettings {
    std::vector<sdk::Reference<sdk::Dataset>> out_of_distribution;
    bool predictions = false;

    void fields(sdk::Fields &field);
};

/// The whole manifest, declared like the settings of any component.
struct ManifestSettings {
    std::int64_t format = 1;
    std::int64_t seed = 0;
    std::int64_t threads = 0;
    sdk::Precision precision = sdk::Precision::f32;
    std::string directory;
    sdk::Map<sdk::ComponentSpec<sdk::Dataset>> data;
    sdk::Map<ModelSettings> models;
    std::vector<StageSettings> stages;
    std::vector<sdk::ComponentSpec<sdk::Observer>> observers;
    CheckpointSettings checkpoints;
    ReportSettings report;
    sdk::Map<PinSettings> plugins;
    std::string schema;
    std::vector<ChangeSettings> changes; ///< read by `read_manifest`, for no field holds any JSON

    void fields(sdk::Fields &field);
};

/// Reads the manifest `root`; mistakes are left in `reading`. Returns the manifest with every default filled in,
/// without what is there for editors only, "changes" as it stands there.
boost::json::object read_manifest(const boost::json::object &root, ManifestSettings &settings, Reading &reading);

} // namespace retort::framework
