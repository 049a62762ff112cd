// SPDX-License-Identifier: Apache-2.0
#include "sgd.hpp"

#include <retort/sdk/plugin.hpp>

#include <cstddef>
#include <plugins/shared/multiversion.hpp>

namespace retort::optimizer_sgd {

namespace {

struct Coefficients {
    float momentum;
    float decay;            ///< weight decay
    float rate_of_gradient; ///< a value moves by this times its gradient
    float rate_of_momentum; ///< and this times its momentum
};

RETORT_MULTIVERSION void update(const float *__restrict gradient, float *__restrict momentum, float *__restrict value,
                                std::size_t count, Coefficients use) {
    for (std::size_t i = 0; i < count; ++i) {
        const float g = gradient[i] + use.decay * value[i];
        momentum[i] = use.momentum * momentum[i] + g;
        value[i] -= use.rate_of_gradient * g + use.rate_of_momentum * momentum[i];
    }
}

} // namespace

void Sgd::Settings::fields(sdk::Fields &fields) {
    fields("learning_rate", learning_rate, "Step size: a number, or a schedule over the stage.", {0.0, 1000.0});
    fields("momentum", momentum, "Part of the last step's direction that is kept; 0: plain gradient descent.",
           {0.0, 0.999999});
    fields("nesterov", nesterov, "Takes the gradient as if it stood one step of the momentum ahead.");
    fields("weight_decay", weight_decay, "This times the weight is added to its gradient; biases do not decay.",
           {0.0, 10.0});
}

void Sgd::step(sdk::Progress progress, sdk::Random) {
    const double rate = settings_.learning_rate.at(progress);
    Coefficients use{static_cast<float>(settings_.momentum), static_cast<float>(settings_.weight_decay), 0.0F,
                     static_cast<float>(rate)};
    if (settings_.nesterov) {
        use.rate_of_gradient = static_cast<float>(rate);
        use.rate_of_momentum = static_cast<float>(rate * settings_.momentum);
    }
    Coefficients undecayed = use;
    undecayed.decay = 0.0F;
    arenas_.for_each_part([&](const plugin_support::OptimizerArenas<1>::Part &part) {
        update(part.gradients, part.buffers[0], part.values, part.size, part.decays ? use : undecayed);
    });
}

} // namespace retort::optimizer_sgd

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Optimizer, retort::optimizer_sgd::Sgd>(
        "sgd", "Stochastic gradient descent with momentum, Nesterov's too, and weight decay.");
}
