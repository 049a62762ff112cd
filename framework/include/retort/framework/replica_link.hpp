// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace retort::framework {

/// What carries numbers between the processes of one run. `retort::mpi` is one over MPI; a program that joins its
/// processes otherwise brings its own. The members that exchange are called by all replicas, in the same order, with
/// spans of the same length, each by one thread at a time; they return when this replica has its result. What they
/// throw, any std::exception, means that the others cannot be reached any more: nothing is asked of the link after it
/// but its destruction, which must not wait for the others then.
class __attribute__((visibility("default"))) ReplicaLink {
  public:
    ReplicaLink() = default;
    ReplicaLink(const ReplicaLink &) = delete;
    ReplicaLink &operator=(const ReplicaLink &) = delete;
    virtual ~ReplicaLink() = default;

    /// How many replicas there are, at least 1, and which one this is.
    [[nodiscard]] virtual std::size_t count() const = 0;
    [[nodiscard]] virtual std::size_t index() const = 0;

    /// How many threads this replica should compute with, at least 1, so that those of one machine do not take each
    /// other's processors.
    [[nodiscard]] virtual std::size_t threads() const = 0;

    /// Replaces `values` by their sums over all replicas: the same bytes at each of them, and in every run.
    virtual void sum(std::span<float> values) = 0;
    virtual void sum(std::span<double> values) = 0;

    /// Replaces each value by the largest of all replicas.
    virtual void maximum(std::span<std::int64_t> values) = 0;

    /// Replaces `bytes` by those of the replica `from`.
    virtual void copy(std::span<char> bytes, std::size_t from) = 0;
};

} // namespace retort::framework
