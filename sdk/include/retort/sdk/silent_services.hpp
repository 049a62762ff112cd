// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace retort::sdk {

/// Services outside a run: what is said goes nowhere, nobody cancels, one process, loops on the calling thread. To
/// build components in tests, and to derive from.
class SilentServices : public Services {
  public:
    virtual ~SilentServices() = default;

    void warn(std::string_view) override {}

    void info(std::string_view) override {}

    void event(std::string_view, std::string_view) override {}

    void progress(std::string_view, std::uint64_t, std::uint64_t) override {}

    [[nodiscard]] bool cancelled() const override { return false; }

    [[nodiscard]] std::size_t threads() const override { return 1; }

    [[nodiscard]] Precision precision() const override { return Precision::f32; }

    [[nodiscard]] std::size_t replicas() const override { return 1; }

    [[nodiscard]] std::size_t replica_index() const override { return 0; }

    void sum_over_replicas(std::span<float>) override {}

    void sum_over_replicas(std::span<double>) override {}

    [[nodiscard]] Profiler *profiler() const override { return nullptr; }

  protected:
    void run_parallel(std::size_t count, std::size_t, ParallelBody body, const void *state) override {
        if (count > 0)
            body(state, 0, count);
    }

    void run_on_one_thread(ParallelBody body, const void *state) override { body(state, 0, 1); }
};

} // namespace retort::sdk
