// SPDX-License-Identifier: Apache-2.0
#include "services.hpp"

#include "../support/threads.hpp"
#include "../support/translate.hpp"

#include <algorithm>
#include <exception>

namespace retort::framework {

void RunServices::warn(std::string_view message) {
    {
        const std::lock_guard lock(warnings_mutex_);
        if (!warnings_.emplace(message).second)
            return;
    }
    log_.write(LogLevel::warning, message);
}

void RunServices::event(std::string_view kind, std::string_view message) {
    log_.write(kind == "alarm" ? LogLevel::warning : LogLevel::info, std::string(kind) + ": " + std::string(message));
    events_.push_back({std::string(kind), std::string(message)});
}

void RunServices::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!on_progress_)
        return;
    try {
        on_progress_(what, done, total);
    } catch (...) { // on its way through the component it would be taken for the plugin's own
        throw own_exception();
    }
}

void RunServices::run_parallel(std::size_t count, std::size_t grain, ParallelBody body, const void *state) {
    if (count == 0)
        return;
    const std::size_t part = std::max({grain, (count + threads_ - 1) / threads_, std::size_t{1}});
    const std::size_t parts = (count + part - 1) / part;
    if (parts == 1) {
        body(state, 0, count);
        return;
    }
    std::exception_ptr thrown;
    std::size_t thrower = parts; // the first part that threw
#pragma omp parallel for num_threads(static_cast <int>(threads_)) schedule(static, 1)
    for (std::size_t i = 0; i < parts; ++i) {
        try {
            body(state, i * part, std::min(count, (i + 1) * part));
        } catch (...) { // an exception that leaves a parallel region ends the process
#pragma omp critical(retort_parallel_for)
            if (i < thrower) {
                thrower = i;
                thrown = std::current_exception();
            }
        }
    }
    if (thrown)
        std::rethrow_exception(thrown);
}

void RunServices::run_on_one_thread(ParallelBody body, const void *state) {
    const OneThread one_thread;
    body(state, 0, 1);
}

} // namespace retort::framework
