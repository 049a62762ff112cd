// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/state.hpp>
#include <retort/sdk/conformance/trial.hpp>

#include <cstddef>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What a component remembers: state, copies of parameters, and where its bytes come from.
namespace retort::sdk::conformance {

inline constexpr std::uint64_t half = 3; ///< steps before and after a checkpoint

inline std::vector<double> steps(Bench &bench, std::uint64_t first, std::uint64_t count) {
    std::vector<double> seen;
    for (std::uint64_t k = first; k < first + count; ++k) {
        bench.step(k);
        const std::vector<double> now = bench.observe();
        seen.insert(seen.end(), now.begin(), now.end());
    }
    return seen;
}

/// The same seed gives the same bytes: of two objects, and whatever the order in which the parts of loops run.
[[nodiscard]] inline Result determinism(const Trial &trial) {
    const auto first = trial.prepared();
    first->bench->ready();
    const std::vector<double> seen = steps(*first->bench, 0, 2 * half);
    for (const bool backwards : {false, true}) {
        const auto second = trial.prepared({.backwards = backwards});
        second->bench->ready();
        const bool equal =
            same(seen, steps(*second->bench, 0, 2 * half)) &&
            State::of(first->bench->component()).difference(State::of(second->bench->component())).empty();
        if (!equal)
            return failed(backwards ? "with the parts of its loops in another order it gives other bytes: they depend "
                                      "on threads"
                                    : "two objects with the same seed give other bytes");
    }
    return passed();
}

/// n steps, save, a new object, load, n steps: the bytes of 2n steps in one go.
[[nodiscard]] inline Result resume(const Trial &trial) {
    const auto whole = trial.prepared();
    if (const std::string reason = whole->bench->no_resume(); !reason.empty())
        return skipped(reason);
    whole->bench->ready();
    steps(*whole->bench, 0, half);
    State saved = State::of(whole->bench->component());
    if (const std::string name = saved.difference(State::of(whole->bench->component())); !name.empty())
        return failed("two visits of its state in a row show other values of \"" + name + "\"");
    const std::vector<double> expected = steps(*whole->bench, half, half);

    const auto resumed = trial.fresh();
    saved.restore(resumed->bench->component());
    resumed->bench->ready();
    const std::vector<double> seen = steps(*resumed->bench, half, half);
    const std::string name = State::of(whole->bench->component()).difference(State::of(resumed->bench->component()));
    if (!name.empty())
        return failed("after saving, loading into a new object and as many steps again, its state \"" + name +
                      "\" is another than without the break");
    return same(seen, expected)
               ? passed()
               : failed("after saving and loading into a new object, steps give other bytes than without the break: "
                        "its state is not all that they need");
}

/// Parameters written and announced by `parameters_changed` are those that a pass of `spec`, made before, reads.
[[nodiscard]] inline Result stale_copies_in(const Trial &trial, Bench &bench, const FlowSpec &spec) {
    const bool backward = spec.parameter_gradients;
    const auto run = [&](Bench &of, Flow &flow, Random random) {
        if (backward)
            return conformance::run(of, flow, spec.examples, random);
        flow.forward(spec.examples, random.at("noise"), {1, 4});
        return Results{outputs_of(flow), {}, {}};
    };
    const std::unique_ptr<Flow> flow = bench.flow(spec);
    if (flow == nullptr)
        return skipped(bench.no_flow());
    const Random random = trial.random().at("stale");
    flow->fill(random.at("inputs"));
    run(bench, *flow, random);
    for (const Change change : {Change::restore, Change::step}) {
        const Parameters parameters = bench.trainable()->parameters();
        for (std::size_t i = 0; i < parameters.table.size(); ++i)
            Trial::move(parameters, i, random.at("values").at(i), 0.5F);
        bench.trainable()->parameters_changed(change);
        const Results seen = run(bench, *flow, random);
        const auto other = trial.fresh();
        State::of(bench.component()).restore(other->bench->component());
        const std::unique_ptr<Flow> fresh = other->bench->flow(spec);
        fresh->fill(random.at("inputs"));
        if (const std::string part = seen.difference(run(*other->bench, *fresh, random)); !part.empty())
            return failed("after parameters were written and parameters_changed(" +
                          std::string(change == Change::step ? "step" : "restore") + ") was called, its " + part +
                          " are not those of a new object with the same parameters: a copy of them is stale" +
                          (backward ? "" : ", in passes without gradients"));
    }
    return passed();
}

/// Of passes with gradients, if there are any, and of those without, which may have copies of their own.
[[nodiscard]] inline Result stale_copies(const Trial &trial) {
    const auto setup = trial.prepared();
    Bench &bench = *setup->bench;
    if (bench.trainable() == nullptr || bench.trainable()->parameters().table.empty())
        return skipped("it has no parameters");
    FlowSpec spec = spec_for(bench, Mode::evaluate);
    const Result with_gradients = stale_copies_in(trial, bench, spec);
    spec.parameter_gradients = spec.input_gradients = false;
    return with_gradients.outcome == Outcome::passed ? stale_copies_in(trial, bench, spec) : with_gradients;
}

/// What an optimizer, a norm or a weight file relies on: tensors inside the arena, apart, at multiples of 16, with
/// zeros in the gaps.
[[nodiscard]] inline Result parameter_table(const Trial &trial) {
    const auto setup = trial.prepared();
    if (setup->bench->trainable() == nullptr)
        return skipped("it has no parameters");
    const Parameters parameters = setup->bench->trainable()->parameters();
    if (parameters.values.size() != parameters.gradients.size())
        return failed("its arenas of values and gradients have different sizes");
    std::vector<bool> covered(parameters.values.size());
    std::set<std::string_view> names;
    for (const Parameter &tensor : parameters.table) {
        const std::string name = "tensor '" + std::string(tensor.name) + "' ";
        if (tensor.dimensions < 1 || tensor.dimensions > 4 || tensor.size == 0 || tensor.offset % 16 != 0 ||
            tensor.offset + tensor.size > covered.size())
            return failed(name + "has no place in the arena: its offset must be a multiple of 16, its end within it");
        std::size_t size = 1;
        for (std::size_t i = 0; i < tensor.dimensions; ++i)
            size *= tensor.shape[i];
        if (size != tensor.size || !names.insert(tensor.name).second)
            return failed(name + (size != tensor.size ? "has another size than its shape" : "is there twice"));
        for (std::size_t i = tensor.offset; i < tensor.offset + tensor.size; ++i) {
            if (covered[i])
                return failed(name + "overlaps another");
            covered[i] = true;
        }
    }
    setup->bench->ready();
    steps(*setup->bench, 0, 1);
    for (std::size_t i = 0; i < covered.size(); ++i)
        if (!covered[i] && (parameters.values[i] != 0.0F || parameters.gradients[i] != 0.0F))
            return failed("gaps between its tensors do not hold zeros");
    return passed();
}

} // namespace retort::sdk::conformance
