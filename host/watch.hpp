// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plan.hpp>
#include <retort/framework/registry.hpp>
#include <retort/framework/run.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace retort::host {

/// Looks whether the manifest of a run is edited, and asks the run for what was edited. What cannot be read, or cannot
/// change in the stage that runs, is told and leaves the run as it was; the file is looked at again when it changed
/// again. All of an edit is taken, or nothing.
class ManifestWatch {
  public:
    using Read = std::function<framework::Plan()>;
    using Say = std::function<void(const std::string &)>;

    /// Before the manifest is read. What is edited from here on is seen. Of several replicas the first looks, and tells
    /// the others.
    explicit ManifestWatch(std::filesystem::path file, framework::Replicas *replicas = nullptr);

    /// `plan`: of the file as it was read. `read`: the plan of the file as it is then, by `registry`. `warn`: of what
    /// is refused; `say`: what is taken. All but `plan` must outlive this. Returns the plan to run: of the resolved
    /// manifest, in which all that can differ can be assigned.
    [[nodiscard]] framework::Plan begin(framework::Plan plan, const framework::Registry &registry, Read read, Say warn,
                                        Say say);

    /// Hears the progress of the run.
    void hear(const framework::RunProgress &progress) {
        const bool is_last = progress.stage_index + 1 == progress.stages;
        is_due_ = progress.epoch_ended && (progress.done != progress.total || is_last);
    }

    /// After a step of the run: where an epoch ended, looks at the file. After the last of a stage it leaves that to
    /// the next stage; after the last of all, what was edited is told as coming too late.
    void look(framework::Run &run);

  private:
    /// What tells a file from what it was.
    struct Stamp {
        std::int64_t seconds = 0; ///< when it was modified; 0 for a file that is not there
        std::int64_t nanoseconds = 0;
        std::uint64_t size = 0;
        std::uint64_t inode = 0;

        friend bool operator==(const Stamp &, const Stamp &) = default;
    };

    [[nodiscard]] Stamp stamp() const;
    [[nodiscard]] std::vector<std::string> edits();
    [[nodiscard]] std::vector<std::string> edits_of_first();
    void take(framework::Run &run);

    std::filesystem::path file_;
    framework::Replicas *replicas_;
    Stamp seen_;
    framework::Plan accepted_; ///< the last that was taken
    framework::Plan edited_;   ///< that is being taken
    const framework::Registry *registry_ = nullptr;
    Read read_;
    Say warn_;
    Say say_;
    bool is_due_ = false;
};

} // namespace retort::host
