// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/conformance/options.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace retort::sdk::conformance {

/// A bench and what it stands on.
struct Setup {
    Surroundings surroundings = {};
    std::unique_ptr<Bench> bench = {};
};

/// How one setup differs from another of the same trial.
struct Variation {
    bool dead = false;              ///< data with a row and a column of zeros
    bool backwards = false;         ///< the parts of loops run last to first
    std::uint64_t first_values = 0; ///< which first values are drawn
};

/// One component in one situation with settings that it accepts: what every check is carried out on.
struct Trial {
    const Situation &situation;
    const AnySettings &settings;
    const Options &options;

    [[nodiscard]] Random random() const { return Random{options.seed}; }

    /// A new component, as a restored one would begin. Throws what its constructor throws.
    [[nodiscard]] std::unique_ptr<Setup> fresh(Variation variation = {}) const {
        auto setup = std::make_unique<Setup>();
        setup->surroundings.services.backwards = variation.backwards;
        setup->bench = situation.make({settings, setup->surroundings, random().at("component"), variation.dead});
        return setup;
    }

    /// One with first values, and everything fitted.
    [[nodiscard]] std::unique_ptr<Setup> prepared(Variation variation = {}) const {
        std::unique_ptr<Setup> setup = fresh(variation);
        setup->bench->prepare(random().at("prepare").at(variation.first_values));
        return setup;
    }

    /// One whose parameters lie in no special place: not at zero, where gradients may vanish by chance.
    [[nodiscard]] std::unique_ptr<Setup> in_general_position() const {
        std::unique_ptr<Setup> setup = prepared();
        if (Trainable *const trainable = setup->bench->trainable()) {
            const Parameters parameters = trainable->parameters();
            for (std::size_t i = 0; i < parameters.table.size(); ++i)
                move(parameters, i, random().at("position").at(i));
            trainable->parameters_changed(Change::restore);
        }
        return setup;
    }

    static void move(const Parameters &parameters, std::size_t tensor, Random random, float by = 0.1F) {
        const Parameter &entry = parameters.table[tensor];
        for (std::size_t i = 0; i < entry.size; ++i)
            parameters.values[entry.offset + i] += by * random.normal_pair(i).first;
    }
};

/// Outputs of the last forward.
[[nodiscard]] inline std::vector<double> outputs_of(const Flow &flow) {
    std::vector<double> result(flow.rows() * flow.width());
    flow.read(result);
    return result;
}

/// Numbers for a backward to start from, one for each output.
[[nodiscard]] inline std::vector<float> coefficients_of(const Flow &flow, Random random) {
    std::vector<float> result(flow.rows() * flow.width());
    sdk::fill_normal(random, result);
    return result;
}

[[nodiscard]] inline std::vector<double> input_gradients_of(const Flow &flow) {
    std::vector<double> result;
    for (const ConstMatrix matrix : flow.input_gradients())
        append(result, matrix);
    return result;
}

[[nodiscard]] inline std::vector<double> parameter_gradients_of(Bench &bench) {
    Trainable *const trainable = bench.trainable();
    return trainable == nullptr ? std::vector<double>() : numbers(trainable->parameters().gradients);
}

/// All that a forward and backward leave, for comparisons.
struct Results {
    std::vector<double> outputs, inputs, parameters;

    static Results of(Bench &bench, const Flow &flow) {
        return {outputs_of(flow), input_gradients_of(flow), parameter_gradients_of(bench)};
    }

    /// The first part that is further apart than `tolerance`; 0: that has other bytes. Empty if none is.
    [[nodiscard]] std::string difference(const Results &other, double tolerance = 0.0) const {
        const auto differs = [&](std::span<const double> a, std::span<const double> b) {
            return tolerance == 0.0 ? !same(a, b) : distance(a, b) > tolerance;
        };
        if (differs(outputs, other.outputs))
            return "outputs";
        if (differs(inputs, other.inputs))
            return "input gradients";
        return differs(parameters, other.parameters) ? "parameter gradients" : "";
    }
};

/// Forward, and backward where there is one, with parameter gradients as `write` says.
inline Results run(Bench &bench, Flow &flow, std::size_t examples, Random random, Write write = Write::replace) {
    flow.forward(examples, random.at("noise"), {1, 4});
    if (bench.no_backward().empty())
        flow.backward(coefficients_of(flow, random.at("coefficients")), write);
    return Results::of(bench, flow);
}

/// The pass that checks ask for; without gradients where the component has none.
[[nodiscard]] inline FlowSpec spec_for(const Bench &bench, Mode mode, std::size_t examples = 5, std::size_t tail = 0) {
    const bool backward = bench.no_backward().empty();
    return {mode, examples, tail, backward, backward};
}

} // namespace retort::sdk::conformance
