// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/settings.hpp>

#include <cstdint>
#include <vector>

namespace retort::optimizer_adam {

/// Adam (Kingma and Ba 2015, algorithm 1). For the gradient g of step t, counted from 1, element by element:
///   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2,
///   w <- w - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
class Adam final : public sdk::Optimizer {
  public:
    struct Settings {
        sdk::Schedule learning_rate = 0.001;
        double beta1 = 0.9;
        double beta2 = 0.999;
        double epsilon = 1e-8;

        void fields(sdk::Fields &fields);
    };

    Adam(const Settings &settings, const sdk::OptimizerContext &context);

    void attach(std::span<const sdk::Parameters> parameters) override;
    void step(sdk::Progress progress, sdk::Random random) override;
    void visit_state(sdk::StateVisitor &visitor) override;

  private:
    /// One arena and the running moments of its gradients.
    struct Attached {
        sdk::Parameters parameters;
        sdk::Buffer first;
        sdk::Buffer second;
    };

    Settings settings_;
    sdk::Services &services_;
    std::vector<Attached> attached_;
    std::uint64_t steps_ = 0; ///< taken so far: the bias corrections follow it, not the stage's progress
};

} // namespace retort::optimizer_adam
