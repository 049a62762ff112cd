// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/state.hpp>
#include <retort/sdk/conformance/trial.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

// What is promised of changes while a stage runs.
namespace retort::sdk::conformance {

/// One that did three steps, a change of all that it lets change, to the values that there are, and three more.
[[nodiscard]] inline std::unique_ptr<Setup> changed_setup(const Trial &trial) {
    std::unique_ptr<Setup> setup = trial.prepared();
    Bench &bench = *setup->bench;
    bench.ready();
    for (std::uint64_t k = 0; k < 3; ++k)
        bench.step(k);
    bench.change(trial.random().at("change"));
    for (std::uint64_t k = 3; k < 6; ++k)
        bench.step(k);
    return setup;
}

/// A change leaves the models alone, has the same bytes each time, and leaves a state with which a new object of the
/// changed settings goes on to the same bytes.
[[nodiscard]] inline Result change(const Trial &trial) {
    const auto setup = trial.prepared();
    Bench &bench = *setup->bench;
    if (const std::string reason = bench.no_change(); !reason.empty())
        return skipped(reason);
    bench.ready();
    for (std::uint64_t k = 0; k < 3; ++k)
        bench.step(k);
    const std::vector<double> models = bench.kept_by_changes();
    bench.change(trial.random().at("change"));
    if (!same(bench.kept_by_changes(), models))
        return failed("a change touches the parameters of a model");

    const auto first = changed_setup(trial);
    const auto second = changed_setup(trial);
    if (!same(first->bench->observe(), second->bench->observe()))
        return failed("a change at the same step of the same run gives other bytes the second time");
    State state = State::of(first->bench->component());
    const auto resumed = trial.fresh();
    state.restore(resumed->bench->component());
    resumed->bench->ready();
    for (std::uint64_t k = 6; k < 9; ++k) {
        first->bench->step(k);
        resumed->bench->step(k);
    }
    if (!same(first->bench->observe(), resumed->bench->observe()))
        return failed("after a change a new object with its state does not go on to the same bytes");
    return passed();
}

} // namespace retort::sdk::conformance
