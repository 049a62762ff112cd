// SPDX-License-Identifier: Apache-2.0
#include "adam.hpp"

#include <retort/sdk/plugin.hpp>

#include <cmath>
#include <cstddef>
#include <plugins/shared/multiversion.hpp>
#include <string>

namespace retort::optimizer_adam {

namespace {

/// What one step does to every element, with both bias corrections folded into `rate` and `epsilon`.
struct Coefficients {
    float first;   ///< 1 - beta1
    float second;  ///< 1 - beta2
    float rate;    ///< learning rate * sqrt(1 - beta2^t) / (1 - beta1^t)
    float epsilon; ///< epsilon * sqrt(1 - beta2^t)
};

RETORT_MULTIVERSION void update(const float *__restrict gradient, float *__restrict first, float *__restrict second,
                                float *__restrict value, std::size_t count, Coefficients use) {
    for (std::size_t i = 0; i < count; ++i) {
        first[i] += use.first * (gradient[i] - first[i]);
        second[i] += use.second * (gradient[i] * gradient[i] - second[i]);
        value[i] -= use.rate * first[i] / (std::sqrt(second[i]) + use.epsilon);
    }
}

constexpr std::size_t grain = 1U << 15U; ///< elements per part: about 10 microseconds of work

} // namespace

void Adam::Settings::fields(sdk::Fields &fields) {
    fields("learning_rate", learning_rate, "Step size: a number, or a schedule over the stage.", {0.0, 10.0});
    fields("beta1", beta1, "Decay per step of the running mean of the gradient.", {0.0, 0.999999});
    fields("beta2", beta2, "Decay per step of the running mean of the squared gradient.", {0.0, 0.99999999});
    fields("epsilon", epsilon, "Added to the root of the mean square, so that tiny gradients take no full steps.",
           {1e-16, 1.0});
}

Adam::Adam(const Settings &settings, const sdk::OptimizerContext &context)
    : settings_(settings), services_(context.services) {}

void Adam::attach(std::span<const sdk::Parameters> parameters) {
    for (const sdk::Parameters &one : parameters)
        attached_.push_back({one, sdk::Buffer(one.values.size()), sdk::Buffer(one.values.size())});
}

void Adam::step(sdk::Progress progress, sdk::Random) {
    const auto t = static_cast<double>(++steps_);
    const double second_correction = std::sqrt(1.0 - std::pow(settings_.beta2, t));
    const double rate = settings_.learning_rate.at(progress) * second_correction / (1.0 - std::pow(settings_.beta1, t));
    const Coefficients use{static_cast<float>(1.0 - settings_.beta1), static_cast<float>(1.0 - settings_.beta2),
                           static_cast<float>(rate), static_cast<float>(settings_.epsilon * second_correction)};
    for (const Attached &one : attached_)
        services_.parallel_for(one.parameters.values.size(), grain, [&](std::size_t begin, std::size_t end) {
            update(one.parameters.gradients.data() + begin, one.first.data() + begin, one.second.data() + begin,
                   one.parameters.values.data() + begin, end - begin, use);
        });
}

void Adam::visit_state(sdk::StateVisitor &visitor) {
    visitor.value("steps", steps_);
    for (std::size_t i = 0; i < attached_.size(); ++i) {
        visitor.array("first_moment." + std::to_string(i), attached_[i].first.span());
        visitor.array("second_moment." + std::to_string(i), attached_[i].second.span());
    }
}

} // namespace retort::optimizer_adam

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Optimizer, retort::optimizer_adam::Adam>(
        "adam", "Adam: steps scaled by running moments of the gradient (Kingma and Ba 2015).");
}
