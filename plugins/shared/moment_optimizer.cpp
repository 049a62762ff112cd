// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <plugins/shared/moment_optimizer.hpp>
#include <plugins/shared/multiversion.hpp>

namespace retort::plugin_support {

namespace {

/// What one step does to every element, with both bias corrections folded into `rate` and `epsilon`.
struct Coefficients {
    float first;   ///< 1 - beta1
    float second;  ///< 1 - beta2
    float rate;    ///< learning rate * sqrt(1 - beta2^t) / (1 - beta1^t)
    float epsilon; ///< epsilon * sqrt(1 - beta2^t)
    float decay;   ///< learning rate * weight decay
};

RETORT_MULTIVERSION void update(const float *__restrict gradient, float *__restrict first, float *__restrict second,
                                float *__restrict value, std::size_t count, Coefficients use) {
    for (std::size_t i = 0; i < count; ++i) {
        first[i] += use.first * (gradient[i] - first[i]);
        second[i] += use.second * (gradient[i] * gradient[i] - second[i]);
        value[i] -= use.rate * first[i] / (std::sqrt(second[i]) + use.epsilon) + use.decay * value[i];
    }
}

} // namespace

void MomentSettings::fields(sdk::Fields &fields) {
    fields("learning_rate", learning_rate, "Step size: a number, or a schedule over the stage.", {0.0, 10.0});
    fields("beta1", beta1, "Decay per step of the running mean of the gradient.", {0.0, 0.999999});
    fields("beta2", beta2, "Decay per step of the running mean of the squared gradient.", {0.0, 0.99999999});
    fields("epsilon", epsilon, "Added to the root of the mean square, so that tiny gradients take no full steps.",
           {1e-16, 1.0});
}

MomentOptimizer::MomentOptimizer(const MomentSettings &settings, double weight_decay,
                                 const sdk::OptimizerContext &context)
    : settings_(settings), weight_decay_(weight_decay), arenas_({"first_moment", "second_moment"}, context.services) {}

void MomentOptimizer::step(sdk::Progress progress, sdk::Random) {
    const auto t = static_cast<double>(++steps_);
    const double learning_rate = settings_.learning_rate.at(progress);
    const double second_correction = std::sqrt(1.0 - std::pow(settings_.beta2, t));
    const double rate = learning_rate * second_correction / (1.0 - std::pow(settings_.beta1, t));
    const Coefficients use{static_cast<float>(1.0 - settings_.beta1), static_cast<float>(1.0 - settings_.beta2),
                           static_cast<float>(rate), static_cast<float>(settings_.epsilon * second_correction),
                           static_cast<float>(learning_rate * weight_decay_)};
    Coefficients undecayed = use;
    undecayed.decay = 0.0F;
    arenas_.for_each_part([&](const OptimizerArenas<2>::Part &part) {
        update(part.gradients, part.buffers[0], part.buffers[1], part.values, part.size, part.decays ? use : undecayed);
    });
}

void MomentOptimizer::visit_state(sdk::StateVisitor &visitor) {
    visitor.value("steps", steps_);
    arenas_.visit_state(visitor);
}

} // namespace retort::plugin_support
