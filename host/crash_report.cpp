// SPDX-License-Identifier: Apache-2.0
#include "crash_report.hpp"

#include <retort/framework/error.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace retort::host {

namespace {

constexpr std::array<int, 5> crash_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// A handler reads what was prepared: it may neither allocate nor lock.
std::array<char, 512> crash_text;
std::size_t crash_size = 0;
int crash_output = -1; // stderr as it was: while a check runs, what is printed there is caught
std::array<struct sigaction, crash_signals.size()> kept_actions;
stack_t kept_stack;
alignas(std::max_align_t) std::array<std::byte, 65536> crash_stack; // its own may have overflowed

void append(std::string_view part) {
    const std::size_t size = std::min(part.size(), crash_text.size() - crash_size);
    std::copy_n(part.begin(), size, crash_text.begin() + static_cast<std::ptrdiff_t>(crash_size));
    crash_size += size;
}

void tell_crash(int number) {
    (void)!::write(crash_output, crash_text.data(), crash_size);
    const char *const name = ::sigabbrev_np(number);
    if (name != nullptr)
        (void)!::write(crash_output, name, std::strlen(name));
    (void)!::write(crash_output, "\n", 1);
    ::_exit(static_cast<int>(framework::ErrorCode::plugin));
}

} // namespace

CrashReport::CrashReport() {
    crash_output = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const stack_t own{crash_stack.data(), 0, crash_stack.size()};
    ::sigaltstack(&own, &kept_stack);
    struct sigaction telling {};
    telling.sa_handler = tell_crash;
    telling.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < crash_signals.size(); ++i)
        ::sigaction(crash_signals[i], &telling, &kept_actions[i]);
}

CrashReport::~CrashReport() {
    for (std::size_t i = 0; i < crash_signals.size(); ++i)
        ::sigaction(crash_signals[i], &kept_actions[i], nullptr);
    ::sigaltstack(&kept_stack, nullptr);
    ::close(crash_output);
}

void CrashReport::begin(std::string_view component, std::string_view check) const {
    crash_size = 0;
    for (const std::string_view part :
         {std::string_view("error: "), component, std::string_view(": it crashed in the check "), check,
          std::string_view(": SIG")})
        append(part);
}

} // namespace retort::host
