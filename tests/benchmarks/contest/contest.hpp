// SPDX-License-Identifier: Apache-2.0
// What the contestants of the measuring stand share: which step is asked for, and how it is timed. Standard library
// only, so that every contestant can include it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::benchmark {

/// One step of the distillation: teacher 784-1200-1200-10, student 784-width-width-10, discriminator 10-256-256-1 on
/// the logits, expected_probability, cross-entropy, Adam for both.
struct Contest {
    std::size_t batch = 128;
    std::size_t width = 800;
    std::size_t threads = 2;
    double seconds = 3.0;
    std::size_t steps = 0;     ///< takes so many and times nothing, if not 0
    bool asked = false;        ///< times once for every line on standard input; else once
    bool teacher_runs = false; ///< on every batch; else its logits are known beforehand
    bool check = false;        ///< whether its gradients are those of another way to compute them, and nothing else
    bool watched = false;      ///< telemetry and alarms as a manifest has them by default; else there are none
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

[[noreturn]] inline void refuse(const std::string &what) {
    std::fprintf(stderr, "%s\n", what.c_str());
    std::exit(2);
}

inline void take(Contest &contest, std::string_view name, const std::string &value) {
    const std::pair<std::string_view, std::size_t *> numbers[] = {{"--batch", &contest.batch},
                                                                  {"--width", &contest.width},
                                                                  {"--threads", &contest.threads},
                                                                  {"--steps", &contest.steps}};
    const std::pair<std::string_view, std::string *> texts[] = {{"--precision", &contest.precision},
                                                                {"--discriminator", &contest.discriminator},
                                                                {"--data", &contest.data},
                                                                {"--plugins", &contest.plugins}};
    for (const auto &number : numbers)
        if (number.first == name)
            return void(*number.second = std::stoul(value));
    for (const auto &text : texts)
        if (text.first == name)
            return void(*text.second = value);
    if (name == "--seconds")
        contest.seconds = std::stod(value);
    else if (name == "--teacher")
        contest.teacher_runs = value == "runs";
    else if (name == "--asked")
        contest.asked = value == "yes";
    else if (name == "--check")
        contest.check = value == "yes";
    else if (name == "--watched")
        contest.watched = value == "yes";
    else
        refuse(std::string(name) + " is no option");
}

/// Reads "--batch 128" and so on; ends the program with a sentence where there is something else.
inline Contest contest_from(int count, char **values) {
    Contest contest;
    if (count % 2 == 0)
        refuse(std::string(values[count - 1]) + " has no value");
    for (int i = 1; i + 1 < count; i += 2)
        take(contest, values[i], values[i + 1]);
    return contest;
}

/// Calls `step` in blocks of some 50 ms until `seconds` are over; the median rate of the blocks in images per second.
template <class Step> double rate_of(const Contest &contest, std::size_t block, Step &step) {
    using Clock = std::chrono::steady_clock;
    const auto since = [](Clock::time_point begin) {
        return std::chrono::duration<double>(Clock::now() - begin).count();
    };
    std::vector<double> rates;
    const Clock::time_point begin = Clock::now();
    while (rates.size() < 3 || since(begin) < contest.seconds) {
        const Clock::time_point block_begin = Clock::now();
        for (std::size_t i = 0; i < block; ++i)
            step();
        rates.push_back(static_cast<double>(block * contest.batch) / since(block_begin));
    }
    std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2), rates.end());
    return rates[rates.size() / 2];
}

/// Steps untimed for half a second, or the contest's seconds if those are fewer; how many make 50 ms.
template <class Step> std::size_t warm(const Contest &contest, Step &step) {
    using Clock = std::chrono::steady_clock;
    const double wanted = std::min(0.5, contest.seconds);
    const Clock::time_point begin = Clock::now();
    std::chrono::duration<double> time{0.0};
    std::size_t steps = 0;
    for (; steps < 3 || time.count() < wanted; ++steps) {
        step();
        time = Clock::now() - begin;
    }
    return std::max<std::size_t>(1, static_cast<std::size_t>(0.05 * static_cast<double>(steps) / time.count()));
}

/// Calls `step` as the contest wants it, and prints the rate in images per second, one line each time that it is timed.
template <class Step> void time_steps(const Contest &contest, Step &&step) {
    for (std::size_t i = 0; i < contest.steps; ++i)
        step();
    if (contest.steps > 0)
        return;
    const std::size_t block = warm(contest, step);
    std::string line;
    while (!contest.asked || std::getline(std::cin, line)) {
        std::printf("%.1f\n", rate_of(contest, block, step));
        std::fflush(stdout);
        if (!contest.asked)
            return;
    }
}

} // namespace retort::benchmark
