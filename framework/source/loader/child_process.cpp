// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace retort::framework {

namespace {

constexpr std::size_t most_kept = 4096;

void check_call(int code, const char *what) {
    if (code != 0)
        throw std::system_error(code, std::generic_category(), what);
}

/// Where the new process reads and writes.
class FileActions {
  public:
    FileActions(int out, int err) {
        check_call(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions &) = delete;
    FileActions &operator=(const FileActions &) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t *get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

/// A group of its own, and signals as a program expects them, whatever this process did to its own.
class Attributes {
  public:
    Attributes() {
        check_call(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes &) = delete;
    Attributes &operator=(const Attributes &) = delete;

    [[nodiscard]] const posix_spawnattr_t *get() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_{};
};

pid_t spawn(const std::vector<std::string> &command, int out, int err) {
    std::vector<std::string> words = command;
    std::vector<char *> arguments;
    for (std::string &word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const FileActions actions(out, err);
    const Attributes attributes;
    pid_t id = -1;
    check_call(::posix_spawn(&id, arguments[0], actions.get(), attributes.get(), arguments.data(), environ),
               command[0].c_str());
    return id;
}

/// Closes a descriptor at the end of a block.
struct Closing {
    int descriptor;
    ~Closing() { ::close(descriptor); }
};

} // namespace

int CaughtOutput::open() {
    int ends[2];
    check_call(::pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
    descriptor_ = ends[0];
    ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
    const int writing = ::fcntl(ends[1], F_DUPFD_CLOEXEC, 3); // clear of 0 to 2, which the child gets anew
    ::close(ends[1]);
    check_call(writing < 0 ? errno : 0, "fcntl");
    return writing;
}

void CaughtOutput::read() {
    char part[4096];
    while (descriptor_ >= 0) {
        const ssize_t size = ::read(descriptor_, part, sizeof part);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno == EAGAIN)
            return;
        if (size <= 0)
            return close();
        text_.append(part, static_cast<std::size_t>(size));
        if (text_.size() > most_kept)
            text_.erase(0, text_.size() - most_kept);
    }
}

void CaughtOutput::close() {
    if (descriptor_ >= 0)
        ::close(std::exchange(descriptor_, -1));
}

ChildProcess::ChildProcess(const std::vector<std::string> &command, std::chrono::milliseconds timeout)
    : end_(Clock::now() + timeout) {
    const Closing out_end{out.open()};
    const Closing err_end{err.open()};
    id_ = spawn(command, out_end.descriptor, err_end.descriptor);
}

ChildProcess::~ChildProcess() {
    if (!over_)
        end();
}

bool ChildProcess::poll() {
    if (over_)
        return true;
    out.read();
    err.read();
    if (!ended() && Clock::now() < end_)
        return false;
    timed_out_ = !ended();
    end();
    out.read(); // what it wrote last; what it started may hold the pipe, and is not waited for
    err.read();
    return true;
}

bool ChildProcess::ended() const {
    siginfo_t found{};
    const int failed = ::waitid(P_PID, static_cast<id_t>(id_), &found, WEXITED | WNOHANG | WNOWAIT);
    return failed != 0 || found.si_pid != 0; // failed: SIGCHLD is ignored here, or somebody else waited
}

void ChildProcess::end() {
    ::kill(-id_, SIGKILL); // before it is reaped: until then nobody else has its number
    int status = 0;
    pid_t reaped = 0;
    do
        reaped = ::waitpid(id_, &status, 0);
    while (reaped < 0 && errno == EINTR);
    if (reaped > 0)
        status_ = status;
    over_ = true;
}

} // namespace retort::framework
