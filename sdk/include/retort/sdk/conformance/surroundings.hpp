// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/silent_services.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace retort::sdk::conformance {

/// Services on the calling thread. Loops are cut into parts as if there were two threads, and run in either order: who
/// gets other bytes from the other order would get them from chance.
class KitServices final : public SilentServices {
  public:
    [[nodiscard]] std::size_t threads() const override { return 2; }

    bool backwards = false;

  private:
    void run_parallel(std::size_t count, std::size_t grain, ParallelBody body, const void *state) override {
        const std::size_t part = std::max({grain, (count + threads() - 1) / threads(), std::size_t{1}});
        const std::size_t parts = (count + part - 1) / part;
        for (std::size_t i = 0; i < parts; ++i) {
            const std::size_t begin = (backwards ? parts - 1 - i : i) * part;
            body(state, begin, std::min(count, begin + part));
        }
    }
};

/// The first mistake that a constructor reports, kept as text.
class KitProblems final : public Problems {
  public:
    void report(std::string_view pointer, std::string_view message, std::string_view) override {
        if (first.empty())
            first = std::string(pointer) + (pointer.empty() ? "" : ": ") + std::string(message);
    }

    std::string first;
};

/// What a component is given when it is made; it must not outlive this.
struct Surroundings {
    KitServices services = {};
    KitProblems problems = {};

    [[nodiscard]] Context context(Random random) { return {services, problems, random}; }
};

} // namespace retort::sdk::conformance
