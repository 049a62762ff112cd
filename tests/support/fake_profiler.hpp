// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::test {

/// Remembers which phases there were, by their paths ("step/data"), in the order in which they began.
class FakeProfiler final : public sdk::Profiler {
  public:
    void begin(std::string_view phase) override {
        open.push_back((open.empty() ? "" : open.back() + "/") + std::string(phase));
        phases.push_back(open.back());
    }

    void end() noexcept override { open.pop_back(); }

    void count_operations(std::uint64_t count) noexcept override { operations += count; }

    std::vector<std::string> open;
    std::vector<std::string> phases;
    std::uint64_t operations = 0;
};

} // namespace retort::test
