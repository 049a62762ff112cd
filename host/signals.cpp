// SPDX-License-Identifier: Apache-2.0
#include "signals.hpp"

#include <atomic>
#include <csignal>
#include <unistd.h>

namespace retort::host {

namespace {

std::atomic<framework::Run *> cancellable = nullptr;
std::atomic<bool> was_asked = false;
static_assert(std::atomic<framework::Run *>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may touch lock-free atomics only");

extern "C" void handle_signal(int) {
    if (was_asked.exchange(true))
        ::_exit(static_cast<int>(framework::ErrorCode::cancelled));
    if (framework::Run *run = cancellable)
        run->cancel(); // sets one atomic flag
}

void set_handler(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

} // namespace

CancelOnSignals::CancelOnSignals(framework::Run *run) {
    was_asked = false;
    cancellable = run;
    set_handler(&handle_signal);
}

CancelOnSignals::~CancelOnSignals() {
    set_handler(SIG_DFL);
    cancellable = nullptr;
}

bool CancelOnSignals::asked() {
    return was_asked;
}

} // namespace retort::host
