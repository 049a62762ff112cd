// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/settings.hpp>

#include <cstdint>
#include <plugins/shared/optimizer_arenas.hpp>

namespace retort::plugin_support {

/// Settings of the optimizers that step by running moments.
struct MomentSettings {
    sdk::Schedule learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;

    void fields(sdk::Fields &fields);
};

/// What Adam and its relatives share. For the gradient g of step t, counted from 1, element by element:
///   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2,
///   w <- w - rate * ((m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay * w),
/// the last term in tensors that decay only.
class MomentOptimizer : public sdk::Optimizer {
  public:
    void attach(std::span<const sdk::Parameters> parameters) override { arenas_.attach(parameters); }

    void step(sdk::Progress progress, sdk::Random random) override;
    void visit_state(sdk::StateVisitor &visitor) override;

  protected:
    MomentOptimizer(const MomentSettings &settings, double weight_decay, const sdk::OptimizerContext &context);

  private:
    MomentSettings settings_;
    double weight_decay_;
    OptimizerArenas<2> arenas_;
    std::uint64_t steps_ = 0; ///< taken so far: the bias corrections follow it, not the stage's progress
};

} // namespace retort::plugin_support
