// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/settings.hpp>

#include <plugins/shared/optimizer_arenas.hpp>

namespace retort::optimizer_sgd {

/// Stochastic gradient descent with momentum (Polyak 1964). For the gradient g, element by element:
///   g <- g + weight_decay * w       in tensors that decay only
///   u <- momentum * u + g
///   w <- w - rate * u,   or with Nesterov's momentum   w <- w - rate * (g + momentum * u)
/// the latter as Sutskever et al. (2013) write Nesterov's method, seen from the point that it looks ahead to.
class Sgd final : public sdk::Optimizer {
  public:
    struct Settings {
        sdk::Schedule learning_rate = 0.01;
        double momentum = 0.9;
        bool nesterov = false;
        double weight_decay = 0.0;

        void fields(sdk::Fields &fields);
    };

    Sgd(const Settings &settings, const sdk::OptimizerContext &context)
        : settings_(settings), arenas_({"momentum"}, context.services) {}

    void attach(std::span<const sdk::Parameters> parameters) override { arenas_.attach(parameters); }

    void step(sdk::Progress progress, sdk::Random random) override;

    void visit_state(sdk::StateVisitor &visitor) override { arenas_.visit_state(visitor); }

  private:
    Settings settings_;
    plugin_support::OptimizerArenas<1> arenas_;
};

} // namespace retort::optimizer_sgd
