// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

namespace retort::framework {

class ThreadScope;

/// For code that calls components itself, without a run: how many OpenMP threads the plugins' loops on the calling
/// thread use, for the lifetime of this.
class ComputeThreads {
  public:
    explicit ComputeThreads(std::size_t threads);
    ~ComputeThreads();
    ComputeThreads(const ComputeThreads &) = delete;
    ComputeThreads &operator=(const ComputeThreads &) = delete;

  private:
    std::unique_ptr<ThreadScope> scope_;
};

} // namespace retort::framework
