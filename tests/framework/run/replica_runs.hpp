// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/loader.hpp>
#include <retort/framework/run.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace retort::test {

using Texts = std::vector<std::string>;

/// The plugins, and what the tests add. Outlives all plans.
const framework::Registry &replica_registry();

/// 21 steps of seven an epoch with stochastic gradient descent, after a short training of the teacher, with `more`
/// settings.
framework::Plan replica_plan(const Texts &more);

/// What a run of several replicas left.
struct Left {
    Texts errors;                                ///< of each replica
    std::vector<framework::ErrorCode> codes;     ///< likewise
    std::vector<std::vector<float>> weights;     ///< of the student, likewise
    std::vector<std::size_t> files;              ///< that each wrote
    std::map<std::string, std::string> contents; ///< of the files that must not differ from run to run
};

using Drive = std::function<void(framework::Run &, framework::Replicas &)>;
using Adapt = std::function<void(framework::RunOptions &)>;

inline void execute(framework::Run &run, framework::Replicas &) {
    run.execute();
}

inline void as_they_are(framework::RunOptions &) {}

/// Runs the plan in `count` replicas, which are threads; 0: without any.
Left left_by(std::size_t count, const Texts &more, const std::filesystem::path &output, const Drive &drive = execute,
             const Adapt &adapt = as_they_are);

/// No replica failed, all have the same weights, and the first alone wrote files.
void check_sound(const Left &left);

double largest_difference(const std::vector<float> &one, const std::vector<float> &other);

inline const std::string replica_adversary = "/stages/distil/adversaries/main/";

} // namespace retort::test
