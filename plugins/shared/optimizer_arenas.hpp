// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <plugins/shared/bfloat16.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::plugin_support {

/// Consecutive elements of an arena that decay alike.
struct Stretch {
    std::size_t begin;
    std::size_t end;
    bool decays;
};

/// The arena of `parameters` as stretches, without gaps from its beginning to its end.
[[nodiscard]] std::vector<Stretch> stretches(const sdk::Parameters &parameters);

/// Values of parameters lie in the caches of all processors that multiplied by them. To write one, a processor must
/// first take its cache line from the others: asked for beforehand, that costs no time.
inline void prefetch_for_writing(std::span<const float> values) {
    constexpr std::size_t cache_line = 16; // floats
    for (std::size_t i = 0; i < values.size(); i += cache_line) {
#if defined(__x86_64__)
        asm volatile("prefetchw %0" : : "m"(values[i])); // __builtin_prefetch is it only where -mprfchw is given
#else
        __builtin_prefetch(&values[i], 1);
#endif
    }
}

/// The arenas that an optimizer is attached to, each with `count` buffers of its size: running means and the like, zero
/// at first.
template <std::size_t count> class OptimizerArenas {
  public:
    /// Part of one arena, as pointers for a loop over `size` elements.
    struct Part {
        const float *gradients;
        float *values;
        std::array<float *, count> buffers;
        std::size_t size;
        bool decays;
    };

    /// `names`: of the buffers in the state. `services` must outlive this.
    OptimizerArenas(std::array<std::string_view, count> names, sdk::Services &services)
        : names_(names), services_(services) {}

    void attach(std::span<const sdk::Parameters> parameters) {
        for (const sdk::Parameters &one : parameters) {
            Arena &arena = arenas_.emplace_back(Arena{one, stretches(one), {}});
            std::generate(arena.buffers.begin(), arena.buffers.end(), [&] { return sdk::Buffer(one.values.size()); });
        }
    }

    /// Calls `body(Part)` until every element of every arena was in one part, on the framework's threads. Rounded
    /// copies of the values follow, while those are in the cache.
    template <class Body> void for_each_part(Body &&body) {
        for (const Arena &arena : arenas_) {
            const std::size_t parts =
                std::clamp<std::size_t>(arena.parameters.values.size() / grain, 1, services_.threads());
            services_.parallel_for(parts, 1, [&](std::size_t begin, std::size_t end) {
                for (const Stretch &stretch : arena.stretches)
                    for_each_block(arena, share(stretch, begin, parts), share(stretch, end, parts), stretch.decays,
                                   body);
            });
            if (arena.parameters.rounded != nullptr)
                arena.parameters.rounded->current = true;
        }
    }

    void visit_state(sdk::StateVisitor &visitor) {
        for (std::size_t i = 0; i < arenas_.size(); ++i)
            for (std::size_t buffer = 0; buffer < count; ++buffer)
                visitor.array(std::string(names_[buffer]) + "." + std::to_string(i), arenas_[i].buffers[buffer].span());
    }

  private:
    static constexpr std::size_t grain = 1U << 15U; ///< elements that are worth a thread: about 10 microseconds of work
    static constexpr std::size_t block = 512;       ///< elements

    struct Arena {
        sdk::Parameters parameters;
        std::vector<Stretch> stretches;
        std::array<sdk::Buffer, count> buffers;
    };

    /// Where part `part` of `parts` of a stretch begins. Each thread takes its part of every tensor, for products read
    /// them so: the rows that a processor wrote last are in its own cache when it multiplies by them.
    static std::size_t share(const Stretch &stretch, std::size_t part, std::size_t parts) {
        return part == parts ? stretch.end : stretch.begin + (stretch.end - stretch.begin) / parts * part;
    }

    /// Blocks of [begin, end), which may be empty. While one is worked on, the values of the next are on their way.
    template <class Body>
    static void for_each_block(const Arena &arena, std::size_t begin, std::size_t end, bool decays, Body &body) {
        for (; begin < end; begin += std::min(block, end - begin)) {
            const std::size_t block_end = begin + std::min(block, end - begin);
            prefetch_for_writing(arena.parameters.values.subspan(block_end, std::min(block, end - block_end)));
            body(part(arena, begin, block_end, decays));
            if (arena.parameters.rounded != nullptr)
                round_to_bfloat16(arena.parameters.values.subspan(begin, block_end - begin),
                                  arena.parameters.rounded->values.subspan(begin, block_end - begin));
        }
    }

    static Part part(const Arena &arena, std::size_t begin, std::size_t end, bool decays) {
        Part result{
            arena.parameters.gradients.data() + begin, arena.parameters.values.data() + begin, {}, end - begin, decays};
        for (std::size_t buffer = 0; buffer < count; ++buffer)
            result.buffers[buffer] = arena.buffers[buffer].data() + begin;
        return result;
    }

    std::array<std::string_view, count> names_;
    sdk::Services &services_;
    std::vector<Arena> arenas_;
};

} // namespace retort::plugin_support
