// SPDX-License-Identifier: Apache-2.0
#include "last_words.hpp"

#include "text.hpp"

#include <retort/framework/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

namespace retort::host {

namespace {

constexpr std::array<int, 6> watched_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};

/// A handler reads what was prepared: it may neither allocate nor lock.
class Prepared {
  public:
    void clear() { size_ = 0; }

    void append(std::string_view part) {
        const std::size_t size = std::min(part.size(), text_.size() - size_);
        std::copy_n(part.begin(), size, text_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += size;
    }

    void write(int output) const { (void)!::write(output, text_.data(), size_); }

  private:
    std::array<char, 512> text_{};
    std::size_t size_ = 0;
};

Prepared crash_text;
Prepared timeout_text;
int error_output = -1; // stderr as it was: while a check runs, what is printed there is caught
std::array<struct sigaction, watched_signals.size()> kept_actions;
stack_t kept_stack;
alignas(std::max_align_t) std::array<std::byte, 65536> own_stack; // the thread's may have overflowed

void tell(int number) {
    (number == SIGALRM ? timeout_text : crash_text).write(error_output);
    const char *const name = number == SIGALRM ? nullptr : ::sigabbrev_np(number);
    if (name != nullptr)
        (void)!::write(error_output, name, std::strlen(name));
    (void)!::write(error_output, "\n", 1);
    ::_exit(static_cast<int>(framework::ErrorCode::plugin));
}

/// 0: never.
void set_timer(double seconds) {
    itimerval timer{};
    timer.it_value.tv_sec = static_cast<time_t>(seconds);
    timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - std::floor(seconds)) * 1e6);
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

} // namespace

LastWords::LastWords(double timeout) : timeout_(timeout) {
    error_output = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const stack_t own{own_stack.data(), 0, own_stack.size()};
    ::sigaltstack(&own, &kept_stack);
    struct sigaction telling {};
    telling.sa_handler = tell;
    telling.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < watched_signals.size(); ++i)
        ::sigaction(watched_signals[i], &telling, &kept_actions[i]);
}

LastWords::~LastWords() {
    set_timer(0.0);
    for (std::size_t i = 0; i < watched_signals.size(); ++i)
        ::sigaction(watched_signals[i], &kept_actions[i], nullptr);
    ::sigaltstack(&kept_stack, nullptr);
    ::close(error_output);
}

void LastWords::begin(std::string_view component, std::string_view check) const {
    set_timer(0.0); // it must not go off while the texts are written
    const std::string seconds = significant(timeout_);
    for (Prepared *text : {&crash_text, &timeout_text}) {
        text->clear();
        text->append("error: ");
        text->append(component);
    }
    for (const std::string_view part :
         {std::string_view(": it crashed in the check "), check, std::string_view(": SIG")})
        crash_text.append(part);
    for (const std::string_view part :
         {std::string_view(": it was not done with the check "), check, std::string_view(" after "),
          std::string_view(seconds), std::string_view(" s; --timeout SECONDS gives each check more time")})
        timeout_text.append(part);
    set_timer(timeout_);
}

} // namespace retort::host
