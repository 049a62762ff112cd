// SPDX-License-Identifier: Apache-2.0
#include "fake_registry.hpp"

#include "fake_stages.hpp"

namespace retort::test {

namespace {

void register_components(sdk::Registrar &registrar) {
    registrar.add<sdk::Dataset, Table>("table", "Rows of a table.");
    registrar.add<sdk::Model, Network>("network", "Layers.");
    registrar.add<sdk::Model, Other>("other", "Another.");
    registrar.add<sdk::Head, Point>("point", "The tap itself.");
    registrar.add<sdk::Head, Projection>("random_projection", "Fewer numbers.");
    registrar.add<sdk::Discriminator, Deep>("deep", "Layers.");
    registrar.add<sdk::Discriminator, Paired>("paired", "Two sides.");
    registrar.add<sdk::Objective, Game>("game", "A game.");
    registrar.add<sdk::Loss, Entropy>("entropy", "Of labels.");
    registrar.add<sdk::Loss, Soft>("soft", "Of logits.");
    registrar.add<sdk::Optimizer, Moments>("moments", "Two moments.");
    registrar.add<sdk::Optimizer, Faulty>("faulty", "Throws.");
    registrar.add<sdk::Trainer, Teach>("teach", "Labels alone.");
    registrar.add<sdk::Trainer, Distil>("distil", "From a teacher.");
    registrar.add<sdk::Trainer, Clashing>("clashing", "Declares what its stage declares.");
    registrar.add<sdk::Observer, Rows>("rows", "Rows.");
}

} // namespace

framework::Registry fake_registry() {
    framework::Registry registry;
    registry.add({"fakes", "1.0.0", &register_components});
    return registry;
}

} // namespace retort::test
