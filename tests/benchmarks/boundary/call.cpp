// SPDX-License-Identifier: Apache-2.0
#include "benchmark_toys.hpp"
#include "measurements.hpp"
#include "spread.hpp"

#include <retort/framework/loader.hpp>
#include <retort/sdk/roles/objective.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <support/context.hpp>

namespace retort::benchmark {

namespace {

constexpr int calls = 1000000; // in a sample

__attribute__((noinline)) double plain_function(const double &value) {
    asm volatile(""); // else the compiler sees that it can be left out
    return value;
}

/// Nanoseconds of one call.
template <class Call> double nanoseconds_of(Call &&call) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i) {
        double result = call();
        asm volatile("" : "+x"(result));
    }
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / calls;
}

std::unique_ptr<sdk::Objective> toy_of(const framework::Registry &registry, test::Surroundings &surroundings) {
    const framework::Entry &entry = registry.get("objective", "toy", "");
    const auto settings = entry.factory->make_settings();
    return static_cast<const sdk::Factory<sdk::Objective> &>(*entry.factory).build(*settings, {surroundings.context()});
}

/// The compiler cannot know whose it is.
const sdk::Objective *hidden(const sdk::Objective *objective) {
    asm volatile("" : "+r"(objective));
    return objective;
}

} // namespace

void measure_call(const std::filesystem::path &library, std::size_t samples) {
    framework::Registry loaded;
    framework::load_plugin(loaded, library);
    framework::Registry linked;
    linked.add(benchmark_toys());
    test::Surroundings surroundings;
    const auto of_library = toy_of(loaded, surroundings);
    const auto of_program = toy_of(linked, surroundings);
    const double value = 0.25;
    std::array<std::vector<double>, 3> nanoseconds;
    for (std::size_t i = 0; i < samples; ++i) {
        nanoseconds[0].push_back(nanoseconds_of([&] { return hidden(of_library.get())->equilibrium(); }));
        nanoseconds[1].push_back(nanoseconds_of([&] { return hidden(of_program.get())->equilibrium(); }));
        nanoseconds[2].push_back(nanoseconds_of([&] { return plain_function(value); }));
    }
    const std::array<const char *, 3> names{"virtual call of a component, shared", "the same, static",
                                            "call of a plain function that is not inlined"};
    for (std::size_t i = 0; i < names.size(); ++i)
        std::printf("| %s | %s ns |\n", names[i], text_of(spread_of(nanoseconds[i]), 2).c_str());
}

} // namespace retort::benchmark
