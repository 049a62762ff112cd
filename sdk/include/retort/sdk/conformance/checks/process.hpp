// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/trial.hpp>

#include <cstddef>
#include <memory>
#include <string>

// What a component does to the process that it is in; seen by the instruments.
namespace retort::sdk::conformance {

/// Why instruments see no memory; empty if they do.
[[nodiscard]] inline std::string blindness(const Options &options) {
    return options.instruments == nullptr ? "only `retort check` counts allocations" : options.instruments->blind();
}

/// In a steady step the plugin allocates nothing.
[[nodiscard]] inline Result allocations(const Trial &trial) {
    if (const std::string reason = blindness(trial.options); !reason.empty())
        return skipped(reason);
    const auto setup = trial.prepared();
    Bench &bench = *setup->bench;
    bench.ready();
    constexpr std::uint64_t warm_up = 4;
    for (std::uint64_t k = 0; k < 2 * warm_up; ++k) {
        if (k >= warm_up)
            trial.options.instruments->start(true);
        bench.step(k);
        if (k < warm_up)
            continue;
        if (const std::size_t own = trial.options.instruments->stop().own; own > 0)
            return failed("step " + std::to_string(k + 1) + " allocates memory " + std::to_string(own) +
                          (own == 1 ? " time" : " times") + "; a steady step allocates nothing");
    }
    return passed();
}

/// When an object is gone, so is its memory. What is kept once (caches of a library) is no leak.
[[nodiscard]] inline Result leaks(const Trial &trial) {
    if (const std::string reason = blindness(trial.options); !reason.empty())
        return skipped(reason);
    std::ptrdiff_t least = 0;
    constexpr int lives = 6;
    for (int life = 0; life < lives; ++life) {
        trial.options.instruments->start(false);
        {
            const auto setup = trial.prepared();
            setup->bench->ready();
            setup->bench->step(0);
            setup->bench->step(1);
        }
        const std::ptrdiff_t alive = trial.options.instruments->stop().alive;
        if (life == 3 || (life > 3 && alive < least))
            least = alive;
    }
    return least <= 0 ? passed()
                      : failed("every object leaves " + std::to_string(least) + (least == 1 ? " block" : " blocks") +
                               " of memory behind when it is destroyed");
}

} // namespace retort::sdk::conformance
