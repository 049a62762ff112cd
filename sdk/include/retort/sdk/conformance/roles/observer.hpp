// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/roles/observer.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// A folder of its own, gone with this.
class KitFolder {
  public:
    KitFolder() {
        const auto here = reinterpret_cast<std::uintptr_t>(this); // unlike that of any other now
        path_ = std::filesystem::temp_directory_path() / ("retort_check_" + std::to_string(here));
        for (int i = 0; !std::filesystem::create_directory(path_); ++i) // another process has it
            path_ += "_" + std::to_string(i);
    }

    KitFolder(const KitFolder &) = delete;
    KitFolder &operator=(const KitFolder &) = delete;

    ~KitFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

/// An observer that hears a stage of four steps an epoch. With `folder`, it may write.
class ObserverBench final : public Bench {
  public:
    ObserverBench(const Factory<Observer> &factory, const BenchSpec &spec, bool folder)
        : folder_(folder ? std::make_unique<KitFolder>() : nullptr), observer_(built(spec.surroundings, [&] {
              return factory.build(spec.settings, {spec.surroundings.context(spec.random),
                                                   folder_ == nullptr ? std::string() : folder_->path()});
          })) {}

    ObserverBench(const ObserverBench &) = delete;
    ObserverBench &operator=(const ObserverBench &) = delete;

    ~ObserverBench() override {
        try {
            end();
        } catch (...) { // the check that it went through has said so, or is over
        }
    }

    [[nodiscard]] Component &component() override { return *observer_; }

    void prepare(Random) override {}

    void ready() override {
        if (std::exchange(running_, true))
            return;
        observer_->begin_run();
        observer_->begin_stage(stage);
    }

    void step(std::uint64_t k) override {
        const std::array<Metric, 2> metrics{{{"loss", 1.0 / static_cast<double>(k + 1)}, {"accuracy", 0.5}}};
        observer_->step(stage, k + 1, metrics);
        if (k % 4 == 3)
            observer_->epoch(stage, (k + 1) / 4, metrics);
    }

    [[nodiscard]] std::vector<double> observe() const override { return {}; }

    [[nodiscard]] std::string no_flow() const override { return "an observer has no passes"; }

    [[nodiscard]] std::string no_backward() const override { return "an observer has no gradients"; }

    [[nodiscard]] std::string no_resume() const override {
        return folder_ == nullptr ? "" : "what an observer goes on with is its files too, those of the run directory";
    }

    [[nodiscard]] std::string broken_promise() override {
        observer_->event(stage, 2, "alarm", "something happened");
        end();
        return {};
    }

  private:
    static constexpr StageInfo stage{"stage", "trainer", "model", 8, 4};

    void end() {
        if (!std::exchange(running_, false))
            return;
        observer_->end_stage(stage, true);
        observer_->end_run();
    }

    std::unique_ptr<KitFolder> folder_;
    bool running_ = false;
    std::unique_ptr<Observer> observer_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Observer> &factory) {
    const auto with = [&factory](std::string name, bool folder) {
        return Situation{std::move(name), [&factory, folder](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                             return std::make_unique<ObserverBench>(factory, spec, folder);
                         }};
    };
    return {with("without a run directory", false), with("in a run directory", true)};
}

} // namespace retort::sdk::conformance
