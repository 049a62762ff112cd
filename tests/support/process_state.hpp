// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cfenv>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <locale>
#include <map>
#include <new>
#include <signal.h>
#include <string>
#include <support/temporary_folder.hpp>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace retort::test {

/// What a process has only one of, each part as text that changes with it.
using ProcessState = std::map<std::string, std::string>;

template <class T> std::string bytes_of(const T &value) {
    return {reinterpret_cast<const char *>(&value), sizeof(T)}; // NOLINT: bytes are to be compared
}

/// What happens at every signal, and which are blocked. Flags are compared without the one that the C library sets.
inline void add_signals(ProcessState &state) {
    for (int number = 1; number <= SIGRTMAX; ++number) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) == 0)
            state["signal " + std::to_string(number)] =
                bytes_of(action.sa_handler) + std::to_string(action.sa_flags & ~0x04000000);
    }
    sigset_t blocked;
    sigemptyset(&blocked);
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    for (int number = 1; number <= SIGRTMAX; ++number)
        state["blocked signals"] += sigismember(&blocked, number) == 1 ? '1' : '0';
}

/// Rounding, traps and denormal numbers, of x87 and of SSE; not the flags that any arithmetic raises.
inline void add_floating_point(ProcessState &state) {
    std::fenv_t now;
    std::fegetenv(&now);
    state["x87 control word"] = std::to_string(now.__control_word);
    state["MXCSR"] = std::to_string(now.__mxcsr & ~0x3FU);
}

/// Open files by number and what they are.
inline void add_files(ProcessState &state) {
    std::error_code gone; // the descriptor with which the folder is read
    for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
        if (target.find("/fd") == std::string::npos)
            state["open files"] += entry.path().filename().string() + " " + target + "\n";
    }
}

inline ProcessState process_state() {
    ProcessState state;
    add_signals(state);
    add_floating_point(state);
    add_files(state);
    for (char **variable = environ; *variable != nullptr; ++variable)
        state["environment"] += std::string(*variable) + "\n";
    state["C locale"] = std::setlocale(LC_ALL, nullptr);
    state["C++ locale"] = std::locale().name();
    state["folder"] = std::filesystem::current_path().string();
    state["terminate handler"] = bytes_of(std::get_terminate());
    state["new handler"] = bytes_of(std::get_new_handler());
    const mode_t mask = ::umask(0);
    ::umask(mask);
    state["umask"] = std::to_string(mask);
    return state;
}

/// Names of the parts that differ.
inline std::string differences(const ProcessState &before, const ProcessState &after) {
    std::string names;
    for (const auto &[name, value] : before)
        if (const auto found = after.find(name); found == after.end() || found->second != value)
            names += (names.empty() ? "" : ", ") + name;
    return names + (before.size() < after.size() ? ", more" : "");
}

/// How many threads the process has, once that is at most `expected` or ten seconds have passed: threads take a while
/// to end.
inline std::size_t threads_settled(std::size_t expected) {
    const auto count = [] {
        std::filesystem::directory_iterator all("/proc/self/task");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    };
    for (int i = 0; i < 1000 && count() > expected; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return count();
}

/// Catches what the process writes to stdout and stderr, by whatever way.
class CaughtOutput {
  public:
    CaughtOutput() {
        std::fflush(nullptr);
        for (std::size_t i = 0; i < 2; ++i) {
            const int number = static_cast<int>(i) + 1;
            kept_[i] = ::dup(number);
            const int file = ::open(path(i).c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(file, number);
            ::close(file);
        }
    }

    CaughtOutput(const CaughtOutput &) = delete;
    CaughtOutput &operator=(const CaughtOutput &) = delete;
    ~CaughtOutput() { release(); }

    /// Both, one after the other; nothing is caught from now on.
    std::string release() {
        std::fflush(nullptr);
        for (std::size_t i = 0; i < 2; ++i) {
            if (kept_[i] < 0)
                continue;
            ::dup2(kept_[i], static_cast<int>(i) + 1);
            ::close(kept_[i]);
            kept_[i] = -1;
        }
        return read_file(path(0)) + read_file(path(1));
    }

  private:
    [[nodiscard]] std::filesystem::path path(std::size_t i) const { return folder_.path() / std::to_string(i); }

    TemporaryFolder folder_;
    std::array<int, 2> kept_{-1, -1};
};

} // namespace retort::test
