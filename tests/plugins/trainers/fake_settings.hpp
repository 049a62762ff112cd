// SPDX-License-Identifier: Apache-2.0
#pragma once

// What hands fakes to a trainer: parts, metrics, and settings that build them.

#include "fake_discriminator.hpp"
#include "fake_game.hpp"
#include "fake_head.hpp"

#include <retort/sdk/sdk.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <support/context.hpp>
#include <utility>

namespace retort::test {

/// Metrics that are remembered by name; a name that is known already is overwritten without allocating.
class FakeMetrics final : public sdk::Metrics {
  public:
    void add(std::string_view name, double value) override {
        const auto found = values.find(name);
        if (found != values.end())
            found->second = value;
        else
            values.emplace(name, value);
    }

    [[nodiscard]] double operator[](std::string_view name) const { return values.find(name)->second; }

    std::map<std::string, double, std::less<>> values;
};

class FakeParts final : public sdk::Parts {
  public:
    [[nodiscard]] sdk::Model &model(std::string_view name) override { return *models.find(name)->second; }

    [[nodiscard]] const sdk::Dataset &dataset(std::string_view) override { return *data; }

    [[nodiscard]] sdk::Random dataset_random(std::string_view) override { return sdk::Random{5}; }

    std::map<std::string, sdk::Model *, std::less<>> models;
    const sdk::Dataset *data = nullptr;
};

/// A component setting that is built by `make(const Role::Context&)`, a std::unique_ptr<Role>.
template <class Role>
sdk::ComponentSpec<Role> spec(std::string type,
                              std::function<std::unique_ptr<Role>(const typename Role::Context &)> make) {
    struct Made final : sdk::Builder<Role> {
        explicit Made(decltype(make) function) : function_(std::move(function)) {}

        [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const override {
            return function_(context);
        }

        decltype(make) function_;
    };

    sdk::ComponentSpec<Role> result(std::move(type));
    result.builder = std::make_shared<Made>(std::move(make));
    return result;
}

inline sdk::ComponentSpec<sdk::Optimizer> fake_optimizer(float rate, FakeOptimizer **made = nullptr) {
    return spec<sdk::Optimizer>("sgd", [=](const sdk::OptimizerContext &context) {
        auto optimizer = std::make_unique<FakeOptimizer>(rate);
        optimizer->examples = context.examples;
        if (made != nullptr)
            *made = optimizer.get();
        return optimizer;
    });
}

inline sdk::ComponentSpec<sdk::Loss> fake_loss(sdk::Loss::On on) {
    return spec<sdk::Loss>("squares", [=](const sdk::LossContext &) { return std::make_unique<FakeLoss>(on); });
}

inline sdk::ComponentSpec<sdk::Head> fake_head(FakeHead::Options options = {}, FakeHead **made = nullptr) {
    return spec<sdk::Head>("fake", [=](const sdk::HeadContext &context) {
        auto head = std::make_unique<FakeHead>(options, context);
        if (made != nullptr)
            *made = head.get();
        return head;
    });
}

inline sdk::ComponentSpec<sdk::Objective> fake_objective(FakeObjective::Options options = {},
                                                         FakeObjective **made = nullptr) {
    return spec<sdk::Objective>("fake", [=](const sdk::ObjectiveContext &) {
        auto objective = std::make_unique<FakeObjective>(options);
        if (made != nullptr)
            *made = objective.get();
        return objective;
    });
}

inline sdk::ComponentSpec<sdk::Discriminator> fake_discriminator(bool conditioned = false,
                                                                 FakeDiscriminator **made = nullptr) {
    return spec<sdk::Discriminator>("linear", [=](const sdk::DiscriminatorContext &context) {
        auto discriminator = std::make_unique<FakeDiscriminator>(conditioned, context);
        if (made != nullptr)
            *made = discriminator.get();
        return discriminator;
    });
}

} // namespace retort::test
