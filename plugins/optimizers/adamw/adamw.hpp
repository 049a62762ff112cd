// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plugins/shared/moment_optimizer.hpp>

namespace retort::optimizer_adamw {

/// AdamW (Loshchilov and Hutter 2019, algorithm 2): plugin_support::MomentOptimizer with weight decay, which does not
/// pass through the moments. Here it is scaled by the whole learning rate and so follows its schedule.
class AdamW final : public plugin_support::MomentOptimizer {
  public:
    struct Settings : plugin_support::MomentSettings {
        double weight_decay = 0.01;

        void fields(sdk::Fields &fields);
    };

    AdamW(const Settings &settings, const sdk::OptimizerContext &context)
        : MomentOptimizer(settings, settings.weight_decay, context) {}
};

} // namespace retort::optimizer_adamw
