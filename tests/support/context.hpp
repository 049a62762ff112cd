// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/silent_services.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::test {

/// Services that run everything on the calling thread and remember what was said. With `parts` above 1, loops are cut
/// into that many, which run last to first.
class FakeServices final : public sdk::SilentServices {
  public:
    void warn(std::string_view message) override { warnings.emplace_back(message); }

    void info(std::string_view message) override { infos.emplace_back(message); }

    void event(std::string_view kind, std::string_view message) override { events.emplace_back(kind, message); }

    [[nodiscard]] bool cancelled() const override { return cancel; }

    [[nodiscard]] std::size_t threads() const override { return parts; }

    [[nodiscard]] sdk::Precision precision() const override { return asked_precision; }

    [[nodiscard]] std::size_t replicas() const override { return replica_count; }

    [[nodiscard]] std::size_t replica_index() const override { return replica; }

    /// As if the others had the same.
    void sum_over_replicas(std::span<double> values) override {
        for (double &value : values)
            value *= static_cast<double>(replica_count);
    }

    void sum_over_replicas(std::span<float> values) override {
        for (float &value : values)
            value *= static_cast<float>(replica_count);
    }

    [[nodiscard]] sdk::Profiler *profiler() const override { return profiled_by; }

    std::vector<std::string> warnings;
    std::vector<std::string> infos;
    std::vector<std::pair<std::string, std::string>> events;
    bool cancel = false;
    std::size_t replica_count = 1;
    std::size_t replica = 0; ///< which this is
    sdk::Profiler *profiled_by = nullptr;
    sdk::Precision asked_precision = sdk::Precision::f32;
    std::size_t parts = 1;
    std::size_t loops = 0; ///< that were run

  private:
    void run_parallel(std::size_t count, std::size_t, ParallelBody body, const void *state) override {
        ++loops;
        for (std::size_t part = parts; part-- > 0;)
            if (part * count / parts < (part + 1) * count / parts)
                body(state, part * count / parts, (part + 1) * count / parts);
    }
};

/// Problems that are remembered.
class FakeProblems final : public sdk::Problems {
  public:
    void report(std::string_view pointer, std::string_view message, std::string_view plugin) override {
        items.emplace_back(pointer, message);
        plugins.emplace_back(plugin);
    }

    std::vector<std::pair<std::string, std::string>> items;
    std::vector<std::string> plugins; ///< of each; "": the component that was constructed
};

/// Everything a component's constructor needs, as members that outlive it.
struct Surroundings {
    FakeServices services;
    FakeProblems problems;

    [[nodiscard]] sdk::Context context(std::uint64_t seed = 1) { return {services, problems, sdk::Random{seed}}; }
};

} // namespace retort::test
