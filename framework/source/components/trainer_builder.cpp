// SPDX-License-Identifier: Apache-2.0
#include "trainer_builder.hpp"

#include "../manifest/placed_problems.hpp"

#include <retort/sdk/names.hpp>

namespace retort::framework {

namespace {

std::uint64_t epochs_of(const sdk::Trainer &trainer) {
    const std::uint64_t per_epoch = trainer.steps_per_epoch();
    return per_epoch == 0 ? 0 : (trainer.steps() + per_epoch - 1) / per_epoch;
}

} // namespace

void TrainerBuilder::check_trained(const sdk::Trainer &trainer) {
    for (const std::string &name : trained_models(trainer))
        if (parts_.model(name).parameters().values.empty())
            throw sdk::Error(sdk::ErrorKind::settings, "the model " + sdk::in_quotes(name) +
                                                           " has nothing to train; allowed: models with parameters");
}

Built<sdk::Trainer> TrainerBuilder::build(const Planned<sdk::Trainer> &planned, const std::string &stage) {
    const sdk::Context context = construction_.context(random_.at("stages").at(stage));
    auto built = construction_.build(planned, {context, parts_}, stage);
    if (built.component)
        construction_.check(built.origin, [&] {
            check_trained(*built.component);
            if (built.component->steps_per_epoch() == 0)
                throw sdk::Error(sdk::ErrorKind::plugin, "the trainer has no steps in an epoch");
            if (services_.replicas() > 1 && !built.component->shares_batches())
                throw sdk::Error(sdk::ErrorKind::settings,
                                 "the trainer trains in one process only, and there are " +
                                     std::to_string(services_.replicas()) +
                                     " replicas; allowed: one process, or trainers that share their batches");
        });
    return built;
}

void TrainerBuilder::check_changes(const PlannedStage &stage, std::size_t first, const sdk::Trainer &running) {
    const sdk::Trainer *before = &running;
    Built<sdk::Trainer> last;
    for (std::size_t i = first; i < stage.changes.size(); ++i) {
        const PlannedChange &change = stage.changes[i];
        Built<sdk::Trainer> next;
        construction_.check(Origin{}, [&] { check_epoch(change, running); });
        const bool sound = construction_.within(change.pointer + "/set", [&] {
            next = build(change.trainer, stage.name);
            if (!next.component)
                return;
            PlacedProblems problems(construction_, stage.pointer, next.origin.plugin);
            construction_.check(next.origin, [&] { before->check_change(pointers_of(change), problems); });
        });
        if (!sound)
            return; // what comes after it would only repeat the complaint
        warn_of_dropped(change);
        last = std::move(next);
        before = last.component.get();
    }
}

void TrainerBuilder::check_epoch(const PlannedChange &change, const sdk::Trainer &running) {
    const std::uint64_t epochs = epochs_of(running);
    const std::string allowed = epochs > 1 ? "1 to " + std::to_string(epochs - 1) : "none";
    if (change.epoch >= epochs)
        construction_.report(change.pointer + "/epoch",
                             std::to_string(change.epoch) + " is out of range; allowed: " + allowed +
                                 ", for the stage has " + std::to_string(epochs) + (epochs == 1 ? " epoch" : " epochs"),
                             {});
}

void TrainerBuilder::warn_of_dropped(const PlannedChange &change) {
    if (change.dropped.empty())
        return;
    std::string warning = change.pointer + " drops settings that the new type lacks:";
    for (const std::string &pointer : change.dropped)
        warning += ' ' + pointer;
    services_.warn(warning);
}

std::vector<std::string> pointers_of(const PlannedChange &change) {
    std::vector<std::string> pointers;
    for (const ChangedSetting &setting : change.settings)
        pointers.push_back(setting.pointer);
    return pointers;
}

} // namespace retort::framework
