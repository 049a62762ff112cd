// SPDX-License-Identifier: Apache-2.0
#include "../support/names.hpp"
#include "change_planner.hpp"
#include "manifest_settings.hpp"
#include "pointer.hpp"
#include "wording.hpp"

#include <retort/framework/plan.hpp>

#include <algorithm>
#include <filesystem>

namespace retort::framework {

namespace json = boost::json;

namespace {

std::string absolute_path(const std::filesystem::path &directory, const std::string &path) {
    const std::filesystem::path start = std::filesystem::absolute(directory);
    return (path.empty() ? start : start / path).lexically_normal().string();
}

bool is_inside(const std::string &pointer, const std::string &place) {
    return pointer.compare(0, place.size() + 1, place + "/") == 0;
}

void add_once(const std::string &name, std::vector<std::string> &names) {
    if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

/// Makes a plan of settings that were read.
class Planner {
  public:
    Planner(const ManifestSettings &settings, Reading &reading) : settings_(settings), reading_(reading) {}

    Plan plan(const std::filesystem::path &folder) {
        plan_.seed = static_cast<std::uint64_t>(settings_.seed);
        plan_.threads = static_cast<std::size_t>(settings_.threads);
        plan_.precision = settings_.precision;
        plan_.directory = absolute_path(folder, settings_.directory);
        plan_.checkpoints = {settings_.checkpoints.every_steps, settings_.checkpoints.keep};
        plan_report();
        for (const auto &[name, dataset] : settings_.data.items)
            plan_.datasets.push_back(planned(name, pointer_to("/data", name), dataset));
        for (std::size_t i = 0; i < settings_.stages.size(); ++i)
            add_stage(settings_.stages[i], pointer_to("/stages", std::to_string(i)));
        for (const auto &[name, model] : settings_.models.items)
            add_model(name, model);
        for (std::size_t i = 0; i < settings_.observers.size(); ++i)
            add_observer(settings_.observers[i], pointer_to("/observers", std::to_string(i)));
        if (plan_.datasets.empty() && plan_.models.empty() && plan_.stages.empty())
            reading_.mistake("", "the manifest asks for nothing; allowed: at least one of data, models and stages");
        plan_.used = reading_.used;
        return std::move(plan_);
    }

  private:
    template <class Role>
    Planned<Role> planned(std::string name, std::string pointer, const sdk::ComponentSpec<Role> &component) {
        std::vector<std::string> plugins = reading_.plugins_below(pointer);
        std::map<std::string, std::string> places = reading_.places_below(pointer);
        return {std::move(name),   component.type,     std::move(pointer),
                component.builder, std::move(plugins), std::move(places)};
    }

    void plan_report() {
        plan_.report.predictions = settings_.report.predictions;
        std::vector<std::string> &others = plan_.report.out_of_distribution;
        for (const sdk::Reference<sdk::Dataset> &other : settings_.report.out_of_distribution) {
            if (is_out_of_distribution(other.name))
                reading_.mistake(pointer_to("/report/out_of_distribution", std::to_string(others.size())),
                                 sdk::in_quotes(other.name) + " is named before; allowed: each dataset once");
            others.push_back(other.name);
        }
    }

    void add_stage(const StageSettings &stage, const std::string &pointer) {
        PlannedStage result{planned(stage.name, pointer, stage.trainer), {}, {}};
        for (const Mention &mention : reading_.mentions) {
            std::vector<std::string> &names = mention.role == "model" ? result.models : result.datasets;
            if (is_inside(mention.pointer, pointer))
                add_once(mention.name, names);
        }
        const std::vector<std::string> mentioned = result.models;
        for (const std::string &name : mentioned)
            for (const std::string &part : parts_of(name))
                add_once(part, result.models);
        plan_.stages.push_back(std::move(result));
    }

    void add_model(const std::string &name, const ModelSettings &model) {
        const std::string pointer = pointer_to("/models", name);
        PlannedModel result{planned(name, pointer, model.model), {}, name, {}, parts_of(name)};
        if (std::find(result.models.begin(), result.models.end(), name) != result.models.end())
            reading_.mistake(pointer, "the model is made of itself; allowed: others, none of which is made of it");
        if (!model.weights.empty())
            result.weights = absolute_path(plan_.directory, model.weights);
        if (!model.initialise_as.name.empty())
            result.initialise_as = stream_of(model.initialise_as.name, pointer_to(pointer, "initialise_as"));
        result.data = data_of(name, pointer);
        plan_.models.push_back(std::move(result));
    }

    /// The models that `name` is made of, and that those are made of.
    [[nodiscard]] std::vector<std::string> parts_of(const std::string &name) const {
        std::vector<std::string> parts;
        add_parts(name, parts);
        for (std::size_t i = 0; i < parts.size(); ++i)
            add_parts(std::string(parts[i]), parts);
        return parts;
    }

    void add_parts(const std::string &name, std::vector<std::string> &parts) const {
        const std::string pointer = pointer_to("/models", name);
        const std::string of_framework =
            pointer_to(pointer, "initialise_as"); // all others are the model's own settings
        for (const Mention &mention : reading_.mentions)
            if (mention.role == "model" && is_inside(mention.pointer, pointer) && mention.pointer != of_framework)
                add_once(mention.name, parts);
    }

    /// The model `name`, which must draw its first weights with its own random numbers.
    std::string stream_of(const std::string &name, const std::string &pointer) {
        for (const auto &[other, model] : settings_.models.items) {
            const std::string &next = model.initialise_as.name;
            if (other == name && !next.empty() && next != name)
                reading_.mistake(pointer, "\"" + name + "\" is itself initialised as \"" + next +
                                              "\"; allowed: a model that is not");
        }
        return name;
    }

    /// The dataset whose width and classes a model is built for: the first of the first stage that refers to it, or
    /// the only one there is for models.
    std::string data_of(const std::string &name, const std::string &pointer) {
        for (const PlannedStage &stage : plan_.stages) {
            const bool refers = std::find(stage.models.begin(), stage.models.end(), name) != stage.models.end();
            if (refers && !stage.datasets.empty())
                return stage.datasets.front();
        }
        std::vector<std::string> possible = names_in(plan_.datasets);
        if (possible.size() > 1)
            std::erase_if(possible, [&](const std::string &candidate) { return is_out_of_distribution(candidate); });
        if (possible.size() == 1)
            return possible.front();
        reading_.mistake(pointer, "no stage says which dataset this model is for, and there " +
                                      (plan_.datasets.empty() ? std::string("is none")
                                                              : "are several: " + joined(reading_.defined["dataset"])));
        return {};
    }

    [[nodiscard]] bool is_out_of_distribution(const std::string &dataset) const {
        const std::vector<std::string> &others = plan_.report.out_of_distribution;
        return std::find(others.begin(), others.end(), dataset) != others.end();
    }

    void add_observer(const sdk::ComponentSpec<sdk::Observer> &observer, const std::string &pointer) {
        for (const auto &other : plan_.observers)
            if (other.type == observer.type) // they would write the same files
                reading_.mistake(pointer, sdk::in_quotes(observer.type) + " observes already, at " + other.pointer +
                                              "; allowed: each type once");
        plan_.observers.push_back(planned(observer.type, pointer, observer));
    }

    const ManifestSettings &settings_;
    Reading &reading_;
    Plan plan_;
};

/// Mistakes that only show once everything was read would be noise after a mistake in what they rest on.
void throw_mistakes(const Reading &reading) {
    if (!reading.problems.empty())
        throw Error(reading.blames_plugins_only() ? ErrorCode::plugin : ErrorCode::manifest, reading.problems);
}

} // namespace

Plan read_beginning(const Manifest &manifest, const Registry &registry, std::vector<ChangeSettings> &changes) {
    const json::object *root = manifest.root().if_object();
    if (root == nullptr)
        throw Error(ErrorCode::manifest, manifest.name(),
                    "found " + found_text(manifest.root()) + "; allowed: an object with the manifest's settings");
    Reading reading(registry);
    ManifestSettings settings;
    json::object resolved = read_manifest(*root, settings, reading);
    check_pins(settings.plugins, reading);
    check_pinned(settings.plugins, reading);
    throw_mistakes(reading);
    Plan plan = Planner(settings, reading).plan(manifest.directory());
    throw_mistakes(reading);
    resolved["directory"] = plan.directory.string();
    plan.resolved = std::move(resolved);
    plan.manifest = manifest;
    changes = std::move(settings.changes);
    return plan;
}

Plan read_plan(const Manifest &manifest, const Registry &registry) {
    std::vector<ChangeSettings> changes;
    Plan plan = read_beginning(manifest, registry, changes);
    plan_changes(plan, changes, registry);
    return plan;
}

} // namespace retort::framework
