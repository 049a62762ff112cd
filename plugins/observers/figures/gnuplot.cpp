// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <plugins/observers/figures/gnuplot.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace retort::observer_figures {

namespace {

class Actions {
  public:
    Actions(const std::filesystem::path &folder, const std::filesystem::path &messages) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0666);
        posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    }

    Actions(const Actions &) = delete;
    Actions &operator=(const Actions &) = delete;
    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] const posix_spawn_file_actions_t *get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

/// What gnuplot needs of the environment, so that a user's settings and language do not change the figures.
std::vector<std::string> environment() {
    std::vector<std::string> result{"LC_ALL=C.UTF-8"};
    for (const char *name : {"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE"})
        if (const char *value = std::getenv(name))
            result.push_back(std::string(name) + "=" + value);
    return result;
}

std::vector<char *> pointers(std::vector<std::string> &texts) {
    std::vector<char *> result;
    result.reserve(texts.size() + 1);
    for (std::string &text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

/// The status of the child, or none after `limit`, when it was killed. 0 where the process has it collected elsewhere.
std::optional<int> wait_for(pid_t child, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() >= end) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return std::nullopt;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return status;
}

std::string first_line(const std::filesystem::path &path) {
    std::ifstream in(path);
    std::string line;
    while (line.find_first_not_of(" \t^") == std::string::npos && std::getline(in, line)) {
    }
    return line;
}

} // namespace

std::string run_gnuplot(const std::string &program, const std::filesystem::path &folder, const std::string &script,
                        std::chrono::milliseconds limit) {
    const std::filesystem::path messages = folder / (script + ".messages");
    std::vector<std::string> arguments{program, "-d", script};
    std::vector<std::string> variables = environment();
    pid_t child = 0;
    const Actions actions(std::filesystem::absolute(folder), std::filesystem::absolute(messages));
    const int failure = posix_spawnp(&child, program.c_str(), actions.get(), nullptr, pointers(arguments).data(),
                                     pointers(variables).data());
    if (failure != 0)
        return std::string("it cannot be started: ") + std::strerror(failure);
    const std::optional<int> status = wait_for(child, limit);
    const std::string message = first_line(messages);
    std::error_code ignored;
    std::filesystem::remove(messages, ignored);
    if (!status)
        return "it did not end within " + std::to_string(limit.count() / 1000) + " seconds";
    if (*status != 0)
        return "it failed: " + (message.empty() ? std::string("no message") : message);
    return {};
}

} // namespace retort::observer_figures
