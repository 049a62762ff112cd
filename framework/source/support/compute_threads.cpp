// SPDX-License-Identifier: Apache-2.0
#include "threads.hpp"

#include <retort/framework/compute_threads.hpp>

namespace retort::framework {

ComputeThreads::ComputeThreads(std::size_t threads) : scope_(std::make_unique<ThreadScope>(threads)) {}

ComputeThreads::~ComputeThreads() = default;

} // namespace retort::framework
