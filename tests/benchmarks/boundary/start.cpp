// SPDX-License-Identifier: Apache-2.0
#include "measurements.hpp"
#include "spread.hpp"

#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace retort::benchmark {

namespace {

/// One command, and how long it took each time.
struct Start {
    std::string name;
    std::vector<std::string> words;
    std::vector<double> milliseconds;
};

/// Where the output of what is started goes.
class Nowhere {
  public:
    Nowhere() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    Nowhere(const Nowhere &) = delete;
    Nowhere &operator=(const Nowhere &) = delete;
    ~Nowhere() { ::posix_spawn_file_actions_destroy(&actions); }

    posix_spawn_file_actions_t actions{};
};

double milliseconds_of(std::vector<std::string> words) {
    std::vector<char *> arguments;
    for (std::string &word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const Nowhere nowhere;
    pid_t process = 0;
    int status = 0;
    const auto begin = std::chrono::steady_clock::now();
    if (::posix_spawn(&process, arguments[0], &nowhere.actions, nullptr, arguments.data(), environ) != 0 ||
        ::waitpid(process, &status, 0) != process || status != 0)
        throw std::runtime_error(words.front() + " " + words.at(1) + " failed");
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<Start> starts_of(const std::filesystem::path &command, const std::filesystem::path &static_command,
                             const std::vector<std::string> &words) {
    std::vector<Start> starts;
    for (const auto &[program, linkage] : {std::pair{command, "shared"}, std::pair{static_command, "static"}}) {
        starts.push_back({std::string("`retort --version`, ") + linkage, {program.string(), "--version"}, {}});
        std::vector<std::string> validate{program.string(), "validate"};
        validate.insert(validate.end(), words.begin(), words.end());
        starts.push_back({std::string("`retort validate distil.json`, ") + linkage, std::move(validate), {}});
    }
    return starts;
}

} // namespace

void measure_start(const std::filesystem::path &command, const std::filesystem::path &static_command,
                   const std::vector<std::string> &words, std::size_t samples) {
    std::vector<Start> starts = starts_of(command, static_command, words);
    for (const Start &start : starts)
        (void)milliseconds_of(start.words); // the first is slower: plugins are tried, files come from disk
    for (std::size_t i = 0; i < samples; ++i)
        for (Start &start : starts)
            start.milliseconds.push_back(milliseconds_of(start.words));
    for (const Start &start : starts)
        std::printf("| %s | %s ms |\n", start.name.c_str(), text_of(spread_of(start.milliseconds), 1).c_str());
}

} // namespace retort::benchmark
