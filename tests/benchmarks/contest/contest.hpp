// SPDX-License-Identifier: Apache-2.0
// What the contestants of the measuring stand share: which step is asked for, and how it is timed. Standard library
// only, so that every contestant can include it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace retort::benchmark {

/// One step of the distillation: teacher 784-1200-1200-10, student 784-width-width-10, discriminator 10-256-256-1 on
/// the logits, expected_probability, cross-entropy, Adam for both.
struct Contest {
    std::size_t batch = 128;
    std::size_t width = 800;
    std::size_t threads = 2;
    double seconds = 3.0;
    bool teacher_runs = false; ///< on every batch; else its logits are known beforehand
    std::string precision = "f32";
    std::string discriminator = "mlp";
    std::string data; ///< folder of MNIST's four files
    std::string plugins;

    static constexpr std::size_t input = 784;
    static constexpr std::size_t classes = 10;
    static constexpr std::size_t teacher_width = 1200;
    static constexpr std::size_t discriminator_width = 256;
    static constexpr std::size_t examples = 60000;
};

/// Reads "--batch 128" and so on; ends the program with a sentence where there is something else.
inline Contest contest_from(int count, char **values) {
    Contest contest;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = values[i];
        const std::string value = values[i + 1];
        if (name == "--batch")
            contest.batch = std::stoul(value);
        else if (name == "--width")
            contest.width = std::stoul(value);
        else if (name == "--threads")
            contest.threads = std::stoul(value);
        else if (name == "--seconds")
            contest.seconds = std::stod(value);
        else if (name == "--teacher")
            contest.teacher_runs = value == "runs";
        else if (name == "--precision")
            contest.precision = value;
        else if (name == "--discriminator")
            contest.discriminator = value;
        else if (name == "--data")
            contest.data = value;
        else if (name == "--plugins")
            contest.plugins = value;
        else
            std::fprintf(stderr, "%s is no option\n", values[i]), std::exit(2);
    }
    return contest;
}

/// Calls `step` for half a second untimed, then for the contest's seconds, and prints the median rate in images per
/// second over blocks of steps of some 50 ms.
template <class Step> void time_steps(const Contest &contest, Step &&step) {
    using Clock = std::chrono::steady_clock;
    const auto since = [](Clock::time_point begin) {
        return std::chrono::duration<double>(Clock::now() - begin).count();
    };
    std::size_t warm = 0;
    const Clock::time_point warm_begin = Clock::now();
    for (; warm < 3 || since(warm_begin) < 0.5; ++warm)
        step();
    const double step_time = since(warm_begin) / static_cast<double>(warm);
    const std::size_t block = std::max<std::size_t>(1, static_cast<std::size_t>(0.05 / step_time));
    std::vector<double> rates;
    const Clock::time_point begin = Clock::now();
    while (rates.size() < 3 || since(begin) < contest.seconds) {
        const Clock::time_point block_begin = Clock::now();
        for (std::size_t i = 0; i < block; ++i)
            step();
        rates.push_back(static_cast<double>(block * contest.batch) / since(block_begin));
    }
    std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2), rates.end());
    std::printf("%.1f\n", rates[rates.size() / 2]);
}

} // namespace retort::benchmark
