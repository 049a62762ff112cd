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

constexpr std::array<int, 5> signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// A handler reads what was prepared: it may neither allocate nor lock.
std::array<char, 512> text;
std::size_t text_size = 0;
int terminal = -1; // stderr as it was: while a check runs, what is printed there is caught
std::array<bool, signals.size()> handled{};
alignas(std::max_align_t) std::array<std::byte, 65536> stack; // its own may have overflowed

void append(std::string_view part) {
    const std::size_t size = std::min(part.size(), text.size() - text_size);
    std::copy_n(part.begin(), size, text.begin() + static_cast<std::ptrdiff_t>(text_size));
    text_size += size;
}

void tell(int number) {
    (void)!::write(terminal, text.data(), text_size);
    const char *const name = ::sigabbrev_np(number);
    if (name != nullptr)
        (void)!::write(terminal, name, std::strlen(name));
    (void)!::write(terminal, "\n", 1);
    ::_exit(static_cast<int>(framework::ErrorCode::plugin));
}

} // namespace

CrashReport::CrashReport() {
    terminal = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const stack_t own{stack.data(), 0, stack.size()};
    ::sigaltstack(&own, nullptr);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        struct sigaction now {};
        ::sigaction(signals[i], nullptr, &now);
        handled[i] = now.sa_handler == SIG_DFL;
        struct sigaction telling {};
        telling.sa_handler = tell;
        telling.sa_flags = SA_ONSTACK;
        if (handled[i])
            ::sigaction(signals[i], &telling, nullptr);
    }
}

CrashReport::~CrashReport() {
    for (std::size_t i = 0; i < signals.size(); ++i)
        if (handled[i])
            std::signal(signals[i], SIG_DFL);
    const stack_t none{nullptr, SS_DISABLE, 0};
    ::sigaltstack(&none, nullptr);
    ::close(terminal);
}

void CrashReport::begin(std::string_view component, std::string_view check) const {
    text_size = 0;
    for (const std::string_view part :
         {std::string_view("error: "), component, std::string_view(": it crashed in the check "), check,
          std::string_view(": SIG")})
        append(part);
}

} // namespace retort::host
