// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/moment_optimizer.hpp>

namespace retort::optimizer_adam {

/// Adam (Kingma and Ba 2015, algorithm 1): plugin_support::MomentOptimizer without weight decay.
class Adam final : public plugin_support::MomentOptimizer {
  public:
    using Settings = plugin_support::MomentSettings;

    Adam(const Settings &settings, const sdk::OptimizerContext &context) : MomentOptimizer(settings, 0.0, context) {}
};

} // namespace retort::optimizer_adam
