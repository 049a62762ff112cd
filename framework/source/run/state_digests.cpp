// SPDX-License-Identifier: Apache-2.0
#include "state_digests.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace retort::framework {

namespace {

constexpr std::uint64_t basis = 0xcbf29ce484222325U;
constexpr std::uint64_t prime = 0x100000001b3U;

std::uint64_t digest(std::span<const std::byte> bytes) {
    std::uint64_t hash = basis ^ bytes.size();
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(bytes.size(), sizeof(word));
        std::memcpy(&word, bytes.data(), size);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 32U; // the upper bits of a word reach the lower ones
        bytes = bytes.subspan(size);
    }
    return hash;
}

} // namespace

void StateDigests::child(std::string_view name, sdk::Component &component) {
    const std::size_t size = place_.size();
    place_ += std::string(name) + '/';
    component.visit_state(*this);
    place_.resize(size);
}

void StateDigests::add(std::string_view name, std::span<const std::byte> bytes) {
    numbers_.push_back(static_cast<std::int64_t>(digest(bytes)));
    names_.push_back(place_ + std::string(name));
}

} // namespace retort::framework
