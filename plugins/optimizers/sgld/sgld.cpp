// SPDX-License-Identifier: Apache-2.0
#include "sgld.hpp"

#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <plugins/shared/multiversion.hpp>
#include <plugins/shared/noise.hpp>
#include <string>

namespace retort::optimizer_sgld {

namespace {

constexpr std::size_t block = 512; ///< elements that share a stream of noise

struct Coefficients {
    float gradient; ///< of the mean loss: e_t N / 2
    float decay;    ///< of the value: e_t p / 2, or 0
    float noise;    ///< its standard deviation: sqrt(e_t T)
};

RETORT_MULTIVERSION void move(const float *__restrict gradient, const float *__restrict noise, float *__restrict value,
                              std::size_t count, Coefficients use) {
    for (std::size_t i = 0; i < count; ++i)
        value[i] += use.noise * noise[i] - (use.gradient * gradient[i] + use.decay * value[i]);
}

RETORT_MULTIVERSION void move_scaled(const float *__restrict gradient, const float *__restrict noise,
                                     float *__restrict squares, float *__restrict value, std::size_t count,
                                     Coefficients use, float smoothing, float epsilon) {
    for (std::size_t i = 0; i < count; ++i) {
        squares[i] = smoothing * squares[i] + (1.0F - smoothing) * gradient[i] * gradient[i];
        const float scale = 1.0F / (std::sqrt(squares[i]) + epsilon);
        value[i] +=
            use.noise * std::sqrt(scale) * noise[i] - scale * (use.gradient * gradient[i] + use.decay * value[i]);
    }
}

} // namespace

void Sgld::Settings::fields(sdk::Fields &fields) {
    fields("step_size", step_size,
           "Step size e: a number, or a schedule over the stage. A gradient of the mean loss moves a weight by e times "
           "\"examples\" / 2.",
           {0.0, 1000.0});
    fields("decay_power", decay_power, "Power with which the step size decays beside its schedule; 0: not at all.",
           {0.0, 1.0});
    fields("decay_steps", decay_steps, "Step at which that decay has come to 2^-decay_power.", {1.0, 1e12});
    fields("examples", examples,
           "How many training examples there are: the loss, a mean over a batch, counts so many times. 0: as many as "
           "the stage's data has.",
           {0, 1e12});
    fields("prior_precision", prior_precision,
           "Precision of a weight's normal prior around zero; biases have a flat one.", {0.0, 1e6});
    fields("temperature", temperature,
           "1: samples of the posterior; below, of a sharper density; 0: no noise, plain descent.", {0.0, 1000.0});
    fields("preconditioner", preconditioner, "What steps are scaled by, element by element.");
    fields("smoothing", smoothing, "With rmsprop: part of the mean of squared gradients that a step keeps.",
           {0.0, 0.999999});
    fields("epsilon", epsilon, "With rmsprop: added to the root of that mean.", {1e-6, 1.0});
}

Sgld::Sgld(const Settings &settings, const sdk::OptimizerContext &context)
    : settings_(settings), services_(context.services) {
    if (settings_.examples == 0)
        settings_.examples = context.examples;
    if (settings_.examples == 0)
        context.problems.add("/examples",
                             "found 0, which stands for as many as the stage's data has, and how many these "
                             "are is not known here; allowed: 1 to 1e+12");
}

void Sgld::attach(std::span<const sdk::Parameters> parameters) {
    for (const sdk::Parameters &one : parameters)
        arenas_.push_back(
            {one, sdk::Buffer(settings_.preconditioner == Preconditioner::rmsprop ? one.values.size() : 0)});
}

void Sgld::step(sdk::Progress progress, sdk::Random random) {
    const double decay =
        std::pow(1.0 + static_cast<double>(progress.step) / settings_.decay_steps, -settings_.decay_power);
    const double size = settings_.step_size.at(progress) * decay;
    for (std::size_t i = 0; i < arenas_.size(); ++i) {
        const std::span<const sdk::Parameter> table = arenas_[i].parameters.table;
        for (std::size_t t = 0; t < table.size(); ++t) // gaps between tensors stay zero
            step_tensor(arenas_[i], table[t], size, random.at(i).at(t));
    }
}

void Sgld::step_tensor(const Arena &arena, const sdk::Parameter &tensor, double size, sdk::Random random) {
    constexpr std::size_t grain = 32; // blocks
    const std::size_t blocks = (tensor.size + block - 1) / block;
    services_.parallel_for(blocks, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t b = begin; b < end; ++b)
            step_block(arena, tensor.offset + b * block, std::min(block, tensor.size - b * block), tensor.decays, size,
                       random.at(b));
    });
}

void Sgld::step_block(const Arena &arena, std::size_t begin, std::size_t count, bool decays, double size,
                      sdk::Random random) const {
    static constexpr std::array<float, block> zeros{};
    std::array<float, block> noise; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    plugin_support::add_noise(1.0F, random, std::span(zeros).first(count), std::span(noise).first(count));
    const Coefficients use{static_cast<float>(0.5 * size * static_cast<double>(settings_.examples)),
                           decays ? static_cast<float>(0.5 * size * settings_.prior_precision) : 0.0F,
                           static_cast<float>(std::sqrt(size * settings_.temperature))};
    const float *const gradients = arena.parameters.gradients.data() + begin;
    float *const values = arena.parameters.values.data() + begin;
    if (settings_.preconditioner == Preconditioner::none)
        move(gradients, noise.data(), values, count, use);
    else
        move_scaled(gradients, noise.data(), arena.squares.span().data() + begin, values, count, use,
                    static_cast<float>(settings_.smoothing), static_cast<float>(settings_.epsilon));
}

void Sgld::visit_state(sdk::StateVisitor &visitor) {
    for (std::size_t i = 0; i < arenas_.size(); ++i)
        if (settings_.preconditioner == Preconditioner::rmsprop)
            visitor.array("squares." + std::to_string(i), arenas_[i].squares.span());
}

} // namespace retort::optimizer_sgld

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Optimizer, retort::optimizer_sgld::Sgld>(
        "sgld", "Stochastic-gradient Langevin dynamics: gradient steps with noise, whose values are samples of the "
                "posterior over weights.");
}
