// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace retort::framework {

/// Processors that this process may run on, at least 1: what a container or `taskset` leaves of the machine.
[[nodiscard]] std::size_t available_processors();

/// Sets the calling thread's number of OpenMP threads for its own lifetime, so that an embedder's OpenMP code finds the
/// settings as it left them.
class ThreadScope {
  public:
    explicit ThreadScope(std::size_t threads);
    ~ThreadScope();
    ThreadScope(const ThreadScope &) = delete;
    ThreadScope &operator=(const ThreadScope &) = delete;

  private:
    int threads_;
    int dynamic_;
};

} // namespace retort::framework
