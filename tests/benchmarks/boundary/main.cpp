// SPDX-License-Identifier: Apache-2.0
// What the boundary between program and plugins costs, and what a profile; see boundary.sh and profile.sh, which call
// this.
#include "measurements.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

using namespace retort::benchmark;

constexpr auto usage = "usage: benchmark_boundary start SAMPLES COMMAND STATIC_COMMAND MANIFEST [OPTION...]\n"
                       "       benchmark_boundary call SAMPLES LIBRARY\n"
                       "       benchmark_boundary step ROUNDS STEPS PLUGINS MANIFEST DATA STAGE\n"
                       "       benchmark_boundary profile ROUNDS STEPS MANIFEST DATA STAGE\n";

std::size_t count(const std::string &word) {
    return std::strtoull(word.c_str(), nullptr, 10);
}

bool measure(const std::vector<std::string> &words) {
    const std::string what = words.empty() ? "" : words[0];
    if (what == "start" && words.size() >= 5)
        measure_start(words[2], words[3], {words.begin() + 4, words.end()}, count(words[1]));
    else if (what == "call" && words.size() == 3)
        measure_call(words[2], count(words[1]));
    else if (what == "step" && words.size() == 7)
        measure_step(words[3], words[4], words[5], words[6], count(words[1]), count(words[2]));
    else if (what == "profile" && words.size() == 6)
        measure_profile(words[3], words[4], words[5], count(words[1]), count(words[2]));
    else
        return false;
    return true;
}

} // namespace

int main(int number, char **values) try {
    if (measure({values + 1, values + number}))
        return 0;
    std::cerr << usage;
    return 2;
} catch (const std::exception &error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
}
