// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace retort::sdk {

/// A stream of random numbers as a value: a 64-bit key and nothing else. Number i of a stream is a pure function of the
/// key and i (Philox 4x32-10; Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), so a stream can be
/// copied, read from any position by any thread, and needs no state in a checkpoint.
///
/// Streams are derived, never shared: `random.at("dropout").at(step).at(row)`. The same path from the same seed gives
/// the same numbers on every machine, except `normal`, which uses the C library's log, sin and cos.
struct Random {
    std::uint64_t key = 0;

    using Block = std::array<std::uint32_t, 4>;

    /// The stream number `index` below this one.
    template <std::integral Index> [[nodiscard]] constexpr Random at(Index index) const {
        return {mix(key ^ mix(static_cast<std::uint64_t>(index) + index_domain))};
    }

    /// The stream for a purpose ("dropout", "order") below this one.
    [[nodiscard]] constexpr Random at(std::string_view purpose) const {
        std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a
        for (const char character : purpose)
            hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
        return {mix(key ^ mix(hash ^ purpose_domain))};
    }

    /// 128 random bits: block number `counter` of this stream.
    [[nodiscard]] constexpr Block block(std::uint64_t counter) const {
        Block x{static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0};
        auto key_low = static_cast<std::uint32_t>(key);
        auto key_high = static_cast<std::uint32_t>(key >> 32);
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t left = std::uint64_t{0xD2511F53} * x[0];
            const std::uint64_t right = std::uint64_t{0xCD9E8D57} * x[2];
            x = {static_cast<std::uint32_t>(right >> 32) ^ x[1] ^ key_low, static_cast<std::uint32_t>(right),
                 static_cast<std::uint32_t>(left >> 32) ^ x[3] ^ key_high, static_cast<std::uint32_t>(left)};
            key_low += 0x9E3779B9;
            key_high += 0xBB67AE85;
        }
        return x;
    }

    /// Number `index` of the stream as 32 random bits.
    [[nodiscard]] constexpr std::uint32_t bits(std::uint64_t index) const { return block(index / 4)[index % 4]; }

    /// Number `index` of the stream, uniform in [0, 1): a multiple of 2^-24, exact in float.
    [[nodiscard]] constexpr float uniform(std::uint64_t index) const { return unit(bits(index)); }

    /// A whole number below `bound` (at least 1), by Lemire's multiplication; its bias is below bound / 2^64.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t index, std::uint64_t bound) const {
        const Block x = block(index);
        const std::uint64_t wide = (std::uint64_t{x[1]} << 32) | x[0];
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>((Wide{wide} * bound) >> 64);
    }

    /// Two independent standard normal numbers, pair number `index` (Box and Muller 1958).
    [[nodiscard]] std::pair<float, float> normal_pair(std::uint64_t index) const {
        const Block x = block(index);
        const double radius = std::sqrt(-2.0 * std::log((x[0] + 1.0) * 0x1p-32));
        const double angle = 6.283185307179586 * (x[1] * 0x1p-32);
        return {static_cast<float>(radius * std::cos(angle)), static_cast<float>(radius * std::sin(angle))};
    }

    /// 32 random bits as a float in [0, 1).
    [[nodiscard]] static constexpr float unit(std::uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24F; }

    friend constexpr bool operator==(Random, Random) = default;

  private:
    static constexpr std::uint64_t index_domain = 0x9E3779B97F4A7C15ULL;
    static constexpr std::uint64_t purpose_domain = 0xD1B54A32D192ED03ULL;

    /// Finaliser of SplitMix64 (Steele et al. 2014): a bijection in which every input bit moves every output bit.
    [[nodiscard]] static constexpr std::uint64_t mix(std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
        return x ^ (x >> 31);
    }
};

/// Fills `out` with numbers uniform in [0, 1).
inline void fill_uniform(Random random, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); i += 4) {
        const Random::Block x = random.block(i / 4);
        for (std::size_t j = 0; j < 4 && i + j < out.size(); ++j)
            out[i + j] = Random::unit(x[j]);
    }
}

/// Fills `out` with independent standard normal numbers.
inline void fill_normal(Random random, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); i += 2) {
        const auto [first, second] = random.normal_pair(i / 2);
        out[i] = first;
        if (i + 1 < out.size())
            out[i + 1] = second;
    }
}

/// Puts `values` into a random order (Fisher and Yates).
template <class T> void shuffle(Random random, std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[random.below(i, i)]);
}

} // namespace retort::sdk
