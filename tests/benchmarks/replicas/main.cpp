// SPDX-License-Identifier: Apache-2.0
// What replicas.sh runs, alone or by mpirun; the first process prints.
#include "../boundary/spread.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/run.hpp>
#include <retort/mpi/mpi_link.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace retort;
using framework::Replicas;

/// Milliseconds of each of so many calls, after a few that do not count.
std::vector<double> milliseconds_of(std::size_t count, const std::function<void()> &call) {
    std::vector<double> result;
    for (std::size_t k = 0; k < count + 10; ++k) {
        const auto begin = std::chrono::steady_clock::now();
        call();
        const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - begin;
        if (k >= 10)
            result.push_back(spent.count());
    }
    return result;
}

void print(Replicas &replicas, const std::string &what, const std::vector<double> &milliseconds) {
    if (replicas.is_first())
        std::printf("%s %s\n", what.c_str(), benchmark::text_of(benchmark::spread_of(milliseconds), 4).c_str());
}

/// "sum COUNT BYTES": so many sums.
void measure_sum(Replicas &replicas, std::size_t count, std::size_t bytes) {
    std::vector<float> values(bytes / sizeof(float), 1.0F);
    print(replicas, "sum " + std::to_string(bytes), milliseconds_of(count, [&] {
              std::fill(values.begin(), values.end(), 1.0F);
              replicas.sum(std::span(values));
          }));
}

/// "step COUNT PLUGINS MANIFEST SETTING...": so many steps of the manifest's first stage.
void measure_step(Replicas &replicas, std::size_t count, const std::vector<std::string> &words) {
    framework::Registry registry;
    framework::load_plugins(registry, {words[0]}, {words[0]});
    auto manifest = framework::Manifest::read(words[1]);
    for (std::size_t i = 2; i < words.size(); ++i)
        manifest.set(words[i], registry);
    framework::RunOptions options;
    options.replicas = replicas.count() == 1 ? nullptr : &replicas;
    framework::Run run(framework::read_plan(manifest, registry), options);
    (void)run.step(); // reads the data and prepares the stage
    print(replicas, "step", milliseconds_of(count, [&] {
              if (!run.step())
                  throw std::runtime_error("the stage has fewer steps");
          }));
}

} // namespace

int main(int count, char **values) try {
    const std::vector<std::string> words(values + 1, values + count);
    const auto number = [&](std::size_t i) { return std::stoul(words.at(i)); };
    Replicas replicas(mpi::make_link());
    if (words.at(0) == "sum")
        measure_sum(replicas, number(1), number(2));
    else
        measure_step(replicas, number(1), {words.begin() + 2, words.end()});
    return 0;
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
