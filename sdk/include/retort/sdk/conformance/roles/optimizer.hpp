// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/roles/optimizer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace retort::sdk::conformance {

/// The arenas that an optimizer is attached to, as the parameters of something that could be trained. Every third
/// gradient of the second tensor is zero.
class ArenaOwner final : public Trainable {
  public:
    explicit ArenaOwner(std::size_t width) {
        arena_.add("weight", {3, width}, true);
        arena_.add("bias", {3}, false);
        arena_.add("last.weight", {width}, true);
        arena_.allocate(true);
    }

    Parameters parameters() override { return arena_.parameters(); }

    void initialise(Random random) override {
        for (std::size_t tensor = 0; tensor < 3; ++tensor)
            sdk::fill_normal(random.at(tensor), arena_.values(tensor));
    }

    void draw_gradients(Random random, bool dead) {
        for (std::size_t tensor = 0; tensor < 3; ++tensor)
            sdk::fill_normal(random.at(tensor), arena_.gradients(tensor));
        for (std::size_t i = 0; i < 3; ++i)
            if (dead || i == 1)
                arena_.gradients(1)[i] = 0.0F;
    }

  private:
    Arena arena_;
};

/// An optimizer on two arenas, one of them with sizes that leave gaps. Component and parameters are one state here: a
/// checkpoint of a run keeps both.
class OptimizerBench final : public Bench, private Component {
  public:
    OptimizerBench(const Factory<Optimizer> &factory, const BenchSpec &spec)
        : random_(spec.random.at("steps")), dead_(spec.dead), optimizer_(built(spec.surroundings, [&] {
              return factory.build(spec.settings, {spec.surroundings.context(spec.random), training_examples});
          })) {
        const std::array<Parameters, 2> all{owners_[0].parameters(), owners_[1].parameters()};
        optimizer_->attach(all);
    }

    [[nodiscard]] Component &component() override { return *this; }

    void prepare(Random random) override {
        for (std::size_t i = 0; i < owners_.size(); ++i)
            owners_[i].initialise(random.at(i));
    }

    void ready() override {}

    void step(std::uint64_t k) override {
        for (std::size_t i = 0; i < owners_.size(); ++i)
            owners_[i].draw_gradients(random_.at(k).at(i), dead_);
        optimizer_->step({k, 8}, random_.at("noise").at(k));
    }

    [[nodiscard]] std::vector<double> observe() const override {
        std::vector<double> result;
        for (ArenaOwner &owner : owners_)
            for (const float value : owner.parameters().values)
                result.push_back(static_cast<double>(value));
        return result;
    }

    [[nodiscard]] std::string no_flow() const override {
        return "an optimizer has no passes; the trainers' guard looks at gradients before it is called";
    }

    [[nodiscard]] std::string broken_promise() override {
        for (ArenaOwner &owner : owners_) {
            const Parameters parameters = owner.parameters();
            std::size_t end = 0;
            for (const Parameter &tensor : parameters.table) {
                for (std::size_t i = end; i < tensor.offset; ++i)
                    if (parameters.values[i] != 0.0F)
                        return "it writes into the gaps between tensors, which hold zeros";
                end = tensor.offset + tensor.size;
            }
            if (stale(parameters))
                return "it calls a rounded copy current that is not that of the values";
        }
        return {};
    }

  private:
    static bool stale(const Parameters &parameters) {
        const RoundedCopy &copy = *parameters.rounded;
        for (std::size_t i = 0; copy.current && i < copy.values.size(); ++i)
            if (to_bfloat16(parameters.values[i]).bits != copy.values[i].bits)
                return true;
        return false;
    }

    void visit_state(StateVisitor &visitor) override {
        for (std::size_t i = 0; i < owners_.size(); ++i)
            visitor.array("parameters " + std::to_string(i), owners_[i].parameters().values);
        visitor.child("optimizer", *optimizer_);
    }

    static constexpr std::uint64_t training_examples = 40; // of the data that the gradients are as if from

    Random random_;
    bool dead_;
    mutable std::array<ArenaOwner, 2> owners_{ArenaOwner(5), ArenaOwner(17)};
    std::unique_ptr<Optimizer> optimizer_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Optimizer> &factory) {
    return {{"on two arenas", [&factory](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                 return std::make_unique<OptimizerBench>(factory, spec);
             }}};
}

} // namespace retort::sdk::conformance
