// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <support/octants.hpp>
#include <support/run_files.hpp>
#include <support/temporary_folder.hpp>
#include <utility>
#include <vector>

/// Runs with the real plugins that change while they run.
namespace retort::test::changed_runs {

namespace fs = std::filesystem;

inline const std::string adversary = "/stages/distil/adversaries/main/";
inline const std::string swap_set = R"({"/stages/distil/adversaries/main/discriminator/type": "spectral_norm_mlp"})";
inline const std::vector<std::string> swap{adversary + "discriminator/type=spectral_norm_mlp"};

/// A run in a folder of its own, stepped as far as a test wants.
class Running {
  public:
    explicit Running(const framework::Plan &plan, bool resume = false, fs::path output = {}) {
        framework::RunOptions options;
        options.output = output.empty() ? folder_.path() / "run" : std::move(output);
        options.resume = resume;
        options.progress = [this](const framework::RunProgress &progress) {
            if (progress.activity == "training")
                at_ = {std::string(progress.stage), progress.done};
        };
        output_ = options.output;
        run_.emplace(plan, options);
    }

    /// Until so many steps of the distillation are done.
    Running &to(std::uint64_t step) {
        while (at_ != std::pair<std::string, std::uint64_t>("distil", step) && run_->step()) {
        }
        return *this;
    }

    Running &change(const std::vector<std::string> &assignments) {
        run_->change(assignments, octants_registry());
        return *this;
    }

    /// As a killed process leaves it.
    void drop() { run_.reset(); }

    framework::Run &run() { return *run_; }

    [[nodiscard]] fs::path path(const std::string &name) const { return output_ / name; }

    [[nodiscard]] RunFiles files() const { return files_of(output_); }

    /// To the end.
    RunFiles finished() {
        run_->execute();
        return files();
    }

  private:
    TemporaryFolder folder_;
    fs::path output_;
    std::optional<framework::Run> run_;
    std::pair<std::string, std::uint64_t> at_;
};

/// Seven steps an epoch, four epochs.
inline framework::Plan plan_with(const std::string &changes, const std::vector<std::string> &more = {}) {
    std::vector<std::string> settings{"/threads=1", "/stages/teach/epochs=1", "/changes=" + changes};
    settings.insert(settings.end(), more.begin(), more.end());
    return octants_plan(settings);
}

inline std::string after(std::uint64_t epoch, const std::string &set = swap_set) {
    return R"([{"epoch": )" + std::to_string(epoch) + R"(, "set": )" + set + "}]";
}

inline const RunFiles &unchanged() {
    static const auto files = Running(plan_with("[]")).finished();
    return files;
}

inline const RunFiles &swapped_after_2() {
    static const auto files = Running(plan_with(after(2))).finished();
    return files;
}

} // namespace retort::test::changed_runs
