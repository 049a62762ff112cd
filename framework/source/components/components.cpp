// SPDX-License-Identifier: Apache-2.0
#include "components.hpp"

#include "../manifest/pointer.hpp"
#include "construction.hpp"
#include "prediction.hpp"
#include "trainer_builder.hpp"

#include <retort/framework/safetensors.hpp>
#include <retort/sdk/names.hpp>

#include <algorithm>

namespace retort::framework {

namespace {

template <class Role> Built<Role> *find(std::vector<Built<Role>> &all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto &built) { return built.name == name; });
    return found == all.end() || !found->component ? nullptr : &*found;
}

template <class Role> Built<Role> &get(std::vector<Built<Role>> &all, std::string_view name) {
    Built<Role> *found = find(all, name);
    if (found == nullptr)
        throw sdk::Error(sdk::ErrorKind::plugin,
                         "there is no " + std::string(Role::role) + " '" + std::string(name) + "' in the manifest");
    return *found;
}

bool is_made_of(const PlannedModel &model, const std::string &name) {
    return std::find(model.models.begin(), model.models.end(), name) != model.models.end();
}

/// Errors of a weights file point into the manifest; the file is named in the message.
template <class Call> void with_weights(const Origin &origin, Call &&call) {
    try {
        call();
    } catch (const Error &error) {
        std::vector<Problem> problems = error.problems();
        for (Problem &problem : problems)
            problem = {origin.pointer + "/weights", problem.where + ": " + problem.message, {}, {}};
        throw Error(error.code(), std::move(problems));
    }
}

/// Builds one role after the other into a Components.
class Assembly {
  public:
    Assembly(Components &parts, const Plan &plan, sdk::Services &services)
        : parts_(parts), plan_(plan), root_{plan.seed}, construction_(services),
          trainer_builder_(construction_, services, parts, root_) {}

    void datasets() {
        for (const auto &planned : plan_.datasets) {
            const sdk::Context context = construction_.context(root_.at("data").at(planned.name));
            parts_.datasets.push_back(construction_.build(planned, {context, plan_.directory.string()}));
        }
    }

    void models() {
        for (const PlannedModel &planned : plan_.models)
            add_model(planned);
    }

    void trainers() {
        for (const PlannedStage &planned : plan_.stages) {
            const auto built = [](auto &all) {
                return [&all](const auto &name) { return find(all, name) != nullptr; };
            };
            if (std::all_of(planned.models.begin(), planned.models.end(), built(parts_.models)) &&
                std::all_of(planned.datasets.begin(), planned.datasets.end(), built(parts_.datasets)))
                parts_.trainers.push_back(trainer(planned));
        }
    }

    /// What the final report needs of the data.
    void report() {
        const std::vector<std::string> &others = plan_.report.out_of_distribution;
        for (std::size_t i = 0; i < others.size(); ++i)
            if (const auto *other = find(parts_.datasets, others[i])) {
                const Origin origin{{}, pointer_to("/report/out_of_distribution", std::to_string(i))};
                construction_.check(origin, [&] { check_out_of_distribution(*other); });
            }
    }

    void observers(const std::string &directory) {
        for (const auto &planned : plan_.observers) {
            const sdk::Context context = construction_.context(root_.at("observers").at(planned.name));
            parts_.observers.push_back(construction_.build(planned, {context, directory}));
            if (parts_.observers.back().component)
                construction_.check(parts_.observers.back().origin, [&] { check_reads(parts_.observers.size() - 1); });
        }
    }

    void finish() const { construction_.throw_problems(); }

  private:
    /// After those that it is made of.
    void add_model(const PlannedModel &planned) {
        if (std::find(begun_.begin(), begun_.end(), &planned) != begun_.end())
            return;
        begun_.push_back(&planned);
        for (const PlannedModel &part : plan_.models)
            if (is_made_of(planned, part.name))
                add_model(part);
        const auto built = [this](const std::string &name) { return find(parts_.models, name) != nullptr; };
        const auto *dataset = find(parts_.datasets, planned.data);
        if (dataset != nullptr && std::all_of(planned.models.begin(), planned.models.end(), built))
            parts_.models.push_back(model(planned, *dataset->component));
    }

    /// The observers whose files observer `index` reads stand before it.
    void check_reads(std::size_t index) {
        std::vector<std::string> before;
        for (std::size_t i = 0; i < index; ++i)
            before.push_back(plan_.observers[i].name.substr(0, plan_.observers[i].name.find('@')));
        for (const std::string_view wanted : parts_.observers[index].component->reads())
            if (std::find(before.begin(), before.end(), wanted) == before.end())
                construction_.report(plan_.observers[index].pointer,
                                     "it reads the files of the observer " + sdk::in_quotes(wanted) +
                                         "; found before it: " + (before.empty() ? "none" : sdk::joined(before)) +
                                         "; allowed: " + sdk::in_quotes(wanted) + " before it",
                                     {});
    }

    Built<sdk::Model> model(const PlannedModel &planned, const sdk::Dataset &data) {
        const sdk::Context context = construction_.context(root_.at("models").at(planned.name));
        auto built = construction_.build(planned, {context, data.width(), data.image_shape(), data.classes(),
                                                   plan_.directory.string(), &data, &parts_});
        if (!built.component)
            return built;
        const bool sound = construction_.check(built.origin, [&] {
            if (built.component->taps().empty())
                throw sdk::Error(sdk::ErrorKind::plugin, "the model has no taps; its last must be the logits");
            if (!planned.weights.empty())
                with_weights(built.origin, [&] { check_safetensors(planned.weights, built.component->parameters()); });
        });
        if (!sound) // what is built on it would only repeat the complaint
            built.component.reset();
        return built;
    }

    void check_out_of_distribution(const Built<sdk::Dataset> &other) {
        if (other.component->size(sdk::Split::test) == 0)
            throw sdk::Error(sdk::ErrorKind::settings, sdk::in_quotes(other.name) + " has no test examples; allowed: a "
                                                                                    "dataset that has some");
        const std::size_t width = other.component->width();
        for (const PlannedModel &model : plan_.models) {
            const auto *own = find(parts_.datasets, model.data);
            if (own != nullptr && own->component->width() != width)
                throw sdk::Error(sdk::ErrorKind::settings,
                                 "an example of " + sdk::in_quotes(other.name) + " is " + std::to_string(width) +
                                     " numbers, and model " + sdk::in_quotes(model.name) + " takes " +
                                     std::to_string(own->component->width()) + "; allowed: a dataset of that width");
        }
    }

    Built<sdk::Trainer> trainer(const PlannedStage &planned) {
        Built<sdk::Trainer> built;
        const bool sound = construction_.within({}, [&] {
            built = trainer_builder_.build(planned, planned.name);
            if (built.component)
                construction_.check(built.origin, [&] { check_parts(planned, *built.component); });
        });
        if (sound)
            trainer_builder_.check_changes(planned, 0, *built.component);
        return built;
    }

    /// A model that is made of the one that is trained would change under the stage's hands.
    void check_parts(const PlannedStage &stage, const sdk::Trainer &trainer) {
        for (const PlannedModel &model : plan_.models) {
            const bool used = std::find(stage.models.begin(), stage.models.end(), model.name) != stage.models.end();
            for (const std::string &trained : trained_models(trainer))
                if (used && is_made_of(model, trained))
                    throw sdk::Error(sdk::ErrorKind::settings,
                                     "it trains " + sdk::in_quotes(trained) + ", and uses " +
                                         sdk::in_quotes(model.name) +
                                         ", which is made of it; allowed: models that the stage leaves as they are");
        }
    }

    Components &parts_;
    const Plan &plan_;
    sdk::Random root_;
    std::vector<const PlannedModel *> begun_;
    Construction construction_;
    TrainerBuilder trainer_builder_;
};

} // namespace

Components::Components(const Plan &plan, sdk::Services &services, const std::string &directory)
    : plan_(plan), services_(services), random_{plan.seed} {
    Assembly assembly(*this, plan, services);
    assembly.datasets();
    for (const auto &built : datasets)
        views_.push_back(built.component ? std::make_unique<TrainingView>(built.name, *built.component, built.origin)
                                         : nullptr);
    assembly.models();
    assembly.trainers();
    assembly.report();
    assembly.observers(directory);
    assembly.finish();
}

std::vector<std::string> trained_models(const sdk::Trainer &trainer) {
    std::vector<std::string> names{std::string(trainer.trains())};
    const std::span<const std::string> others = trainer.also_trains();
    names.insert(names.end(), others.begin(), others.end());
    return names;
}

sdk::Model &Components::model(std::string_view name) {
    return *get(models, name).component;
}

const sdk::Dataset &Components::dataset(std::string_view name) {
    return *views_[static_cast<std::size_t>(&get(datasets, name) - datasets.data())];
}

sdk::Random Components::dataset_random(std::string_view name) {
    return random_.at("data").at(name);
}

const sdk::Dataset &Components::whole_dataset(std::string_view name) {
    return *built_dataset(name).component;
}

const Built<sdk::Dataset> &Components::built_dataset(std::string_view name) {
    return get(datasets, name);
}

sdk::MatrixBuffer Components::predict(std::string_view model, sdk::ConstMatrix inputs) {
    const auto planned = std::find_if(plan_.models.begin(), plan_.models.end(),
                                      [&](const PlannedModel &candidate) { return candidate.name == model; });
    if (planned == plan_.models.end())
        throw Error(ErrorCode::usage, {}, "there is no model '" + std::string(model) + "' in the manifest");
    const std::size_t width = whole_dataset(planned->data).width();
    if (inputs.columns != width)
        throw Error(ErrorCode::usage, planned->pointer,
                    "the inputs have " + std::to_string(inputs.columns) + " columns, the model takes " +
                        std::to_string(width));
    Built<sdk::Model> &built = get(models, model);
    return guarded(built.origin, [&] { return class_probabilities(*built.component, inputs); });
}

Built<sdk::Trainer> Components::make_trainer(const Planned<sdk::Trainer> &planned, const std::string &stage) {
    Construction construction(services_);
    auto built = TrainerBuilder(construction, services_, *this, random_).build(planned, stage);
    construction.throw_problems();
    return built;
}

void Components::check_changes(const PlannedStage &stage, std::size_t first, const sdk::Trainer &running) {
    Construction construction(services_);
    TrainerBuilder(construction, services_, *this, random_).check_changes(stage, first, running);
    construction.throw_problems();
}

const Origin &Components::model_origin(std::string_view name) {
    return get(models, name).origin;
}

void Components::load_data() {
    for (Built<sdk::Dataset> &built : datasets)
        guarded(built.origin, [&] { built.component->load(); });
}

void Components::initialise_models() {
    for (const PlannedModel &planned : plan_.models) {
        Built<sdk::Model> &built = get(models, planned.name);
        guarded(built.origin, [&] {
            const std::string &stream = planned.initialise_as.empty() ? planned.name : planned.initialise_as;
            if (planned.weights.empty())
                built.component->initialise(random_.at("models").at(stream));
            else
                with_weights(built.origin, [&] { read_safetensors(planned.weights, built.component->parameters()); });
            built.component->parameters_changed(sdk::Change::restore);
        });
    }
}

} // namespace retort::framework
