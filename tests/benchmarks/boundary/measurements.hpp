// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace retort::benchmark {

// Each measures one thing with plugins in shared libraries and with the same plugins linked statically, by turns, and
// prints one row of a Markdown table for each kind.

/// From starting a command to its end, `samples` times each: "retort --version" and "retort validate WORDS...".
void measure_start(const std::filesystem::path &command, const std::filesystem::path &static_command,
                   const std::vector<std::string> &words, std::size_t samples);

/// A call of a virtual function of a component, beside a call of a plain function. `library`: the plugin
/// benchmark_toy.
void measure_call(const std::filesystem::path &library, std::size_t samples);

/// A step of the stage `stage` of a manifest, alone and with an untrained teacher, in `rounds` pairs of runs of `steps`
/// steps. `plugins`: the folder of libraries; `data`: the folder of the dataset.
void measure_step(const std::filesystem::path &plugins, const std::filesystem::path &manifest,
                  const std::filesystem::path &data, const std::string &stage, std::size_t rounds, std::size_t steps);

/// Such a step with `retort run --profile` and without, plugins linked statically.
void measure_profile(const std::filesystem::path &manifest, const std::filesystem::path &data, const std::string &stage,
                     std::size_t rounds, std::size_t steps);

} // namespace retort::benchmark
