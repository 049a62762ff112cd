// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <string>
#include <support/temporary_folder.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace retort::test {

inline bool contains(const std::string &text, const std::string &part) {
    return text.find(part) != std::string::npos;
}

/// What a finished program left behind.
struct Outcome {
    int exit_code; ///< -1: it was ended by a signal
    std::string out;
    std::string err;
};

/// A program that runs with its output caught, in a folder of its own choice.
class Process {
  public:
    Process(const std::vector<std::string> &command, const std::filesystem::path &folder) {
        std::vector<std::string> words = command;
        std::vector<char *> arguments;
        for (std::string &word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        id_ = ::fork();
        if (id_ == 0)
            become(arguments, folder);
    }

    /// Sends a signal.
    void send(int number) const { ::kill(id_, number); }

    /// What it has printed on stdout so far.
    [[nodiscard]] std::string out() const { return read_file(caught_.path() / "out"); }

    Outcome wait() {
        int status = 0;
        ::waitpid(id_, &status, 0);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out(), read_file(caught_.path() / "err")};
    }

  private:
    [[noreturn]] void become(const std::vector<char *> &arguments, const std::filesystem::path &folder) const {
        const int out = ::open((caught_.path() / "out").c_str(), O_WRONLY | O_CREAT, 0600);
        const int err = ::open((caught_.path() / "err").c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        if (::chdir(folder.c_str()) == 0)
            ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }

    TemporaryFolder caught_;
    pid_t id_ = -1;
};

} // namespace retort::test
