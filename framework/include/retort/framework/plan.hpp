// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/manifest.hpp>
#include <retort/framework/registry.hpp>
#include <retort/sdk/sdk.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace retort::framework {

/// A component that the manifest defines by name, read and checked but not yet built. Whatever a constructor throws
/// leaves `builder->build` as an sdk::Error whose pointer starts at the manifest's root; so do the pointers of
/// problems.
template <class Role> struct Planned {
    std::string name; ///< key in "data" or "models", "name" of a stage, type of an observer
    std::string type;
    std::string pointer; ///< in the manifest
    std::shared_ptr<const sdk::Builder<Role>> builder;
    std::vector<std::string> plugins = {};          ///< names of those that it and the components in it come from
    std::map<std::string, std::string> places = {}; ///< the same by the pointers of the components
};

struct PlannedModel : Planned<sdk::Model> {
    std::string weights;       ///< absolute path of a safetensors file to load; empty: initialise
    std::string initialise_as; ///< name of the model whose stream of initial values it shares; its own by default
    std::string data;          ///< dataset whose width and classes it is built for
    std::vector<std::string> models = {}; ///< that it is made of, and that those are made of, once each
};

/// When a stage that runs is kept on disk.
struct CheckpointPlan {
    std::uint64_t every_steps = 0; ///< beside the end of each epoch; 0: only then
    std::uint64_t keep = 2;        ///< how many of the latest stay, beside that of the selected epoch
};

/// What the final report says besides what it always says.
struct ReportPlan {
    std::vector<std::string> out_of_distribution; ///< datasets that each model's own is told from by entropy
    bool predictions = false;                     ///< whether each prediction is written
};

/// A setting of a stage that a change gives another value.
struct ChangedSetting {
    std::string pointer; ///< in the stage's settings; where a component's type changes, to its "type" alone
    std::string path;    ///< the same in the manifest, elements of lists by their names
    boost::json::value before;
    boost::json::value after; ///< equal to `before` for a type that was set anew: the component is made anew
};

/// Other settings for a stage, from the end of an epoch on.
struct PlannedChange {
    std::uint64_t epoch = 0;       ///< so many epochs come before it
    std::string pointer;           ///< in the manifest: "/changes/0"
    Planned<sdk::Trainer> trainer; ///< the stage with this and all earlier changes
    boost::json::value resolved;   ///< its settings
    std::vector<ChangedSetting> settings;
    std::vector<std::string> dropped = {}; ///< pointers to settings that a new type lacks
};

struct PlannedStage : Planned<sdk::Trainer> {
    std::vector<std::string> models;         ///< that its settings refer to, in order of mention; then those that these
                                             ///< are made of
    std::vector<std::string> datasets;       ///< likewise
    std::vector<PlannedChange> changes = {}; ///< in the order in which they are made
};

/// A manifest in which every setting was read by the declaration of the plugin it names: what a run is built from.
struct Plan {
    std::uint64_t seed = 0;
    std::size_t threads = 0; ///< 0: as many as the process may use
    sdk::Precision precision = sdk::Precision::f32;
    std::filesystem::path directory; ///< absolute: where relative paths in settings start
    std::vector<Planned<sdk::Dataset>> datasets;
    std::vector<PlannedModel> models;
    std::vector<PlannedStage> stages;
    std::vector<Planned<sdk::Observer>> observers;
    CheckpointPlan checkpoints;
    ReportPlan report;
    Manifest manifest;               ///< that it was read from
    boost::json::object resolved;    ///< the manifest with every default filled in: itself a manifest that means the
                                     ///< same from any folder
    std::vector<const Entry *> used; ///< every registry entry named or defaulted to, once, in order of first use
};

/// Reads and checks a whole manifest without making any component. Errors: ErrorCode::manifest (or ErrorCode::plugin
/// when all mistakes are missing plugins) with every mistake, each with its pointer, what was found, what is allowed,
/// and the nearest name. The registry must outlive the plan.
[[nodiscard]] Plan read_plan(const Manifest &manifest, const Registry &registry);

/// What was edited between two manifests, as assignments that `Run::change` takes, in the order of the manifest. Where
/// the type of a component differs, the whole component is assigned. "changes" are compared as they are written.
[[nodiscard]] std::vector<std::string> edits(const Plan &before, const Plan &after);

} // namespace retort::framework
