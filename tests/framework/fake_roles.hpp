// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/sdk.hpp>

#include <memory>
#include <string_view>
#include <vector>

// One component of each role that computes nothing: what tests of reading and building derive from.
namespace retort::test {

struct FakeDataset : sdk::Dataset {
    [[nodiscard]] std::size_t width() const override { return 4; }

    [[nodiscard]] std::size_t classes() const override { return 2; }

    [[nodiscard]] std::size_t size(sdk::Split) const override { return 0; }

    void load() override {}

    void read(sdk::Split, std::span<const std::uint64_t>, sdk::Matrix, std::span<std::int32_t>) const override {}
};

struct FakeModel : sdk::Model {
    [[nodiscard]] sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] std::span<const sdk::Tap> taps() const override { return layers; }

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &) override { return nullptr; }

    std::vector<sdk::Tap> layers;
};

struct FakeHead : sdk::Head {
    [[nodiscard]] sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] sdk::Space space() const override { return {}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &) override { return nullptr; }
};

struct FakeDiscriminator : sdk::Discriminator {
    [[nodiscard]] sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &) override { return nullptr; }
};

struct FakeObjective : sdk::Objective {
    [[nodiscard]] Score score() const override { return Score::logit; }

    double discriminator_loss(std::span<const float>, std::span<const float>, std::span<float>, std::span<float>,
                              sdk::Progress) override {
        return 0.0;
    }

    double student_loss(std::span<const float>, std::span<const float>, float, std::span<float>,
                        sdk::Progress) override {
        return 0.0;
    }
};

struct FakeLoss : sdk::Loss {
    [[nodiscard]] On on() const override { return On::labels; }

    double evaluate(const sdk::LossInput &, float, const sdk::LossGradient &, sdk::Progress) override { return 0.0; }
};

struct FakeOptimizer : sdk::Optimizer {
    void attach(std::span<const sdk::Parameters>) override {}

    void step(sdk::Progress, sdk::Random) override {}
};

struct FakeTrainer : sdk::Trainer {
    [[nodiscard]] std::string_view trains() const override { return {}; }

    void prepare(bool) override {}

    [[nodiscard]] std::uint64_t steps() const override { return 0; }

    [[nodiscard]] std::uint64_t steps_per_epoch() const override { return 0; }

    void step(std::uint64_t, sdk::Metrics &) override {}

    void evaluate(sdk::Split, sdk::Metrics &) override {}
};

struct FakeObserver : sdk::Observer {};

} // namespace retort::test
