// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/trial.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

// What is promised of passes: Write, short last batches, several passes in turn, strides, streams of noise.
namespace retort::sdk::conformance {

/// `replace` overwrites whatever was there, `add` adds, `none` leaves alone; gaps between tensors stay zero.
[[nodiscard]] inline Result write_modes(const Trial &trial) {
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    const std::unique_ptr<Flow> flow = bench.flow(spec_for(bench, Mode::evaluate));
    if (flow == nullptr || !bench.no_backward().empty())
        return skipped(flow == nullptr ? bench.no_flow() : bench.no_backward());
    if (bench.trainable() == nullptr || bench.trainable()->parameters().table.empty())
        return skipped("it has no parameters");
    const Parameters parameters = bench.trainable()->parameters();
    const Random random = trial.random().at("write");
    flow->fill(random.at("inputs"));
    for (const Parameter &tensor : parameters.table)
        std::fill_n(parameters.gradients.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.size,
                    std::numeric_limits<float>::quiet_NaN());
    const Results once = run(bench, *flow, 5, random);
    if (!all_finite(once.parameters))
        return failed("Write::replace does not overwrite all gradients: something of what stood there before is left");
    std::vector<double> twice = run(bench, *flow, 5, random, Write::add).parameters;
    std::vector<double> expected = once.parameters;
    std::for_each(expected.begin(), expected.end(), [](double &value) { value *= 2.0; });
    if (distance(twice, expected) > rounding_tolerance)
        return failed("Write::add does not add: after the same backward again gradients are not twice as large");
    const Results none = run(bench, *flow, 5, random, Write::none);
    if (!same(none.parameters, twice))
        return failed("Write::none changes parameter gradients");
    if (!same(none.inputs, once.inputs))
        return failed("the input gradients of Write::none are others than those of Write::replace");
    return passed();
}

/// A short last batch gives what a pass made for that many rows gives, and the full one after it what it gave before.
[[nodiscard]] inline Result short_batch(const Trial &trial) {
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    const std::unique_ptr<Flow> flow = bench.flow(spec_for(bench, Mode::sample, 5, 2));
    const std::unique_ptr<Flow> made_for_it = bench.flow(spec_for(bench, Mode::sample, 2));
    if (flow == nullptr || made_for_it == nullptr)
        return skipped(bench.no_flow());
    const Random random = trial.random().at("short");
    flow->fill(random.at("inputs"));
    made_for_it->fill(random.at("inputs"));
    const Results full = run(bench, *flow, 5, random);
    const Results tail = run(bench, *flow, 2, random);
    const Results full_again = run(bench, *flow, 5, random);
    const Results expected = run(bench, *made_for_it, 2, random);
    if (const std::string part = tail.difference(expected, rounding_tolerance); !part.empty())
        return failed("after a full batch a short one has other " + part + " than in a pass made for that many rows");
    if (const std::string part = full_again.difference(full); !part.empty())
        return failed("after a short batch a full one has other " + part + " than before it");
    return passed();
}

/// What one pass does between another's forward and backward does not change the latter.
[[nodiscard]] inline Result interleaved(const Trial &trial) {
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    const std::unique_ptr<Flow> flow = bench.flow(spec_for(bench, Mode::sample));
    const std::unique_ptr<Flow> other = bench.flow(spec_for(bench, Mode::sample));
    if (flow == nullptr || other == nullptr)
        return skipped(bench.no_flow());
    const Random random = trial.random().at("interleaved");
    flow->fill(random.at("inputs"));
    other->fill(random.at("other inputs"));
    const Results alone = run(bench, *flow, 5, random);
    flow->forward(5, random.at("noise"), {1, 4});
    const Results between = run(bench, *other, 5, random.at("other"));
    if (bench.no_backward().empty())
        flow->backward(coefficients_of(*flow, random.at("coefficients")), Write::replace);
    const Results after = Results::of(bench, *flow);
    if (const std::string part = after.difference(alone); !part.empty())
        return failed("its " + part + " are others when another pass runs between forward and backward: passes share " +
                      "what each must own");
    if (bench.no_backward().empty() && same(between.outputs, alone.outputs) && !alone.outputs.empty())
        return failed("another pass with other inputs has the same outputs");
    return passed();
}

/// Matrices whose rows lie apart give what those give whose rows touch: views have a stride.
[[nodiscard]] inline Result strides(const Trial &trial) {
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    FlowSpec spec = spec_for(bench, Mode::sample);
    const std::unique_ptr<Flow> dense = bench.flow(spec);
    spec.padding = 3;
    const std::unique_ptr<Flow> spaced = bench.flow(spec);
    if (dense == nullptr || spaced == nullptr)
        return skipped(bench.no_flow());
    const Random random = trial.random().at("strides");
    dense->fill(random.at("inputs"));
    spaced->fill(random.at("inputs"));
    const Results expected = run(bench, *dense, 5, random);
    const std::string part = run(bench, *spaced, 5, random).difference(expected, rounding_tolerance);
    return part.empty() ? passed()
                        : failed("where the rows of a matrix lie apart its " + part +
                                 " are others: a view has a stride, and between rows is what belongs to nobody");
}

/// The numbers that belong to `count` examples from `first` on, of outputs in which each of `examples` has one row or
/// several, the first rows of all examples before their second ones.
[[nodiscard]] inline std::vector<double> of_examples(const std::vector<double> &outputs, std::size_t width,
                                                     std::size_t examples, std::size_t first, std::size_t count) {
    std::vector<double> result;
    for (std::size_t begin = 0; begin < outputs.size(); begin += examples * width) {
        const auto from = outputs.begin() + static_cast<std::ptrdiff_t>(begin + first * width);
        result.insert(result.end(), from, from + static_cast<std::ptrdiff_t>(count * width));
    }
    return result;
}

/// Gives `to`, of `count` examples, the inputs that examples `first`... of `from`, of `examples`, have.
inline void copy_inputs(Flow &from, std::size_t examples, Flow &to, std::size_t first, std::size_t count) {
    const std::vector<Matrix> source = from.inputs();
    const std::vector<Matrix> target = to.inputs();
    for (std::size_t k = 0; k < source.size(); ++k)
        for (std::size_t row = 0; row < target[k].rows; ++row) {
            const std::span<const float> values = source[k].row(row / count * examples + first + row % count);
            std::copy(values.begin(), values.end(), target[k].row(row).begin());
        }
}

/// Examples that are told by `Batch::first_row` where they stand have the outputs, noise included, that they have among
/// the others: so several replicas of a run draw what one would.
[[nodiscard]] inline Result row_streams(const Trial &trial) {
    constexpr std::size_t all = 5, first = 2, count = 3;
    const auto setup = trial.in_general_position();
    Bench &bench = *setup->bench;
    for (const Mode mode : {Mode::evaluate, Mode::sample}) {
        FlowSpec spec = spec_for(bench, mode, all);
        const std::unique_ptr<Flow> whole = bench.flow(spec);
        if (whole == nullptr || !whole->by_row())
            return skipped(whole == nullptr ? bench.no_flow() : "what it gives is one number for the whole batch");
        spec.examples = count;
        spec.first = first;
        const std::unique_ptr<Flow> part = bench.flow(spec);
        const Random random = trial.random().at("rows");
        whole->fill(random.at("inputs"));
        part->fill(random.at("inputs"));
        copy_inputs(*whole, all, *part, first, count);
        whole->forward(all, random.at("noise"), {1, 4});
        part->forward(count, random.at("noise"), {1, 4});
        if (distance(outputs_of(*part), of_examples(outputs_of(*whole), whole->width(), all, first, count)) <=
            rounding_tolerance)
            continue;
        return failed(mode == Mode::evaluate
                          ? "examples have other outputs in a batch of their own than among others"
                          : "the noise of a row is not that of its own stream: with other rows before it, and "
                            "Batch::first_row saying so, it draws another");
    }
    return passed();
}

} // namespace retort::sdk::conformance
