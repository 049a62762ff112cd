// SPDX-License-Identifier: Apache-2.0
#include "threads.hpp"

#include <omp.h>

#include <algorithm>
#include <sched.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace retort::framework {

namespace {

#if defined(__SSE__)
constexpr unsigned flush_denormals = 0x8040; // FTZ, of results, and DAZ, of operands

unsigned control() {
    return _mm_getcsr();
}

void set_control(unsigned value) {
    _mm_setcsr(value);
}
#else // denormals are computed with, however long that takes
constexpr unsigned flush_denormals = 0;

unsigned control() {
    return 0;
}

void set_control(unsigned) {}
#endif

/// What a thread's floating-point control was when the outermost scope around it began.
struct Before {
    unsigned control = 0;
    unsigned scopes = 0;
};

thread_local Before outermost;

void enter() {
    if (outermost.scopes++ > 0)
        return;
    outermost.control = control();
    set_control(outermost.control | flush_denormals);
}

/// `master`: what to leave to a thread that was started within the scope, and inherited its setting.
void leave(unsigned master) {
    if (outermost.scopes > 0 && --outermost.scopes > 0)
        return;
    set_control(outermost.control != 0 ? outermost.control : master);
}

} // namespace

std::size_t available_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) != 0) // more than 1024 processors
        return static_cast<std::size_t>(std::max(1, omp_get_num_procs()));
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

ThreadScope::ThreadScope(std::size_t threads)
    : threads_(omp_get_max_threads()), dynamic_(omp_get_dynamic()), used_threads_(static_cast<int>(threads)) {
    omp_set_dynamic(0); // the same number every time: results depend on it
    omp_set_num_threads(used_threads_);
    // The calling thread last: threads that start here inherit what it has, and clang's runtime hands its setting to
    // all others whenever they begin to work.
#pragma omp parallel num_threads(used_threads_)
    if (omp_get_thread_num() != 0)
        enter();
    enter();
}

ThreadScope::~ThreadScope() {
    const unsigned master = outermost.control;
#pragma omp parallel num_threads(used_threads_)
    if (omp_get_thread_num() != 0)
        leave(master);
    leave(master);
    omp_set_num_threads(threads_);
    omp_set_dynamic(dynamic_);
}

OneThread::OneThread() : threads_(omp_get_max_threads()) {
    omp_set_num_threads(1);
}

OneThread::~OneThread() {
    omp_set_num_threads(threads_);
}

} // namespace retort::framework
