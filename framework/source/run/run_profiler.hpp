// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/profile.hpp>
#include <retort/sdk/services.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace retort::framework {

/// One call of a phase, for a trace.
struct PhaseCall {
    std::string name;
    std::size_t depth = 0;          ///< of the phase
    std::uint64_t call = 0;         ///< which one of the phase, from 0
    std::chrono::nanoseconds begin; ///< since the profiler was made
    std::chrono::nanoseconds duration;
    std::uint64_t operations = 0;
};

/// Sums up all calls of every phase, and keeps the first ones of each for a trace. So its memory grows with the number
/// of phases, not with that of steps; where a phase was seen before, nothing is allocated.
class RunProfiler final : public sdk::Profiler {
  public:
    using Clock = std::chrono::nanoseconds (*)();

    /// Calls of a phase that are kept.
    static constexpr std::size_t kept_calls = 256;

    /// A component that has more phases has their time counted with the phase around them.
    static constexpr std::size_t most_phases = 1000;

    explicit RunProfiler(Clock now = &steady_now);

    /// From here on what the calling thread does counts, and no other.
    void use_this_thread() { thread_ = std::this_thread::get_id(); }

    void begin(std::string_view phase) override;
    void end() noexcept override;
    void count_operations(std::uint64_t operations) noexcept override;

    /// So far, those that are open included; each is followed by those within it, in the order of their first calls.
    [[nodiscard]] std::vector<ProfiledPhase> phases() const;

    /// The calls that were kept, those that are open included, in the order of their beginnings; of two at one time the
    /// outer one is first.
    [[nodiscard]] std::vector<PhaseCall> calls() const;

  private:
    struct Kept {
        std::chrono::nanoseconds begin;
        std::chrono::nanoseconds duration;
        std::uint64_t operations;
    };

    struct Node {
        std::string name;
        std::size_t depth = 0;
        std::vector<std::size_t> children;
        std::uint64_t calls = 0;
        std::chrono::nanoseconds time{};
        std::uint64_t operations = 0;
        std::vector<Kept> kept;
    };

    struct Open {
        std::size_t node;
        std::chrono::nanoseconds begin;
        std::uint64_t operations; ///< done before it began
    };

    static std::chrono::nanoseconds steady_now();

    [[nodiscard]] bool is_ours() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

    [[nodiscard]] std::size_t child(std::size_t parent, std::string_view name);
    void close(const Open &open, std::chrono::nanoseconds now, std::vector<Node> &nodes) const;
    [[nodiscard]] std::vector<Node> closed() const;
    static void list(const std::vector<Node> &nodes, std::size_t node, const std::string &path,
                     std::vector<ProfiledPhase> &phases);

    Clock now_;
    std::chrono::nanoseconds start_;
    std::atomic<std::thread::id> thread_ = std::this_thread::get_id();
    std::vector<Node> nodes_; ///< the first one stands around all
    std::vector<Open> open_;  ///< outer ones first
    std::uint64_t operations_ = 0;
};

} // namespace retort::framework
