// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace retort::framework {

/// Processors that this process may run on, at least 1: what a container or `taskset` leaves of the machine.
[[nodiscard]] std::size_t available_processors();

/// How the calling thread and its OpenMP threads compute, for the lifetime of this: `threads` of them, and numbers too
/// small for float32's normal range become zero (docs/decisions/denormals.md). Scopes of one thread may be nested, the
/// inner with as many threads or fewer. Afterwards an embedder's code finds everything as it left it.
class ThreadScope {
  public:
    explicit ThreadScope(std::size_t threads);
    ~ThreadScope();
    ThreadScope(const ThreadScope &) = delete;
    ThreadScope &operator=(const ThreadScope &) = delete;

  private:
    int threads_;
    int dynamic_;
    int used_threads_;
};

/// While it lives, OpenMP regions that say nothing else have one thread, and oneDNN builds primitives for one.
class OneThread {
  public:
    OneThread();
    ~OneThread();
    OneThread(const OneThread &) = delete;
    OneThread &operator=(const OneThread &) = delete;

  private:
    int threads_;
};

} // namespace retort::framework
