// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "construction.hpp"

#include <cstddef>
#include <string>

namespace retort::framework {

/// Builds the trainers of stages, as they begin and as changes leave them.
class TrainerBuilder {
  public:
    /// `random`: of the run. All but that must outlive this.
    TrainerBuilder(Construction &construction, sdk::Services &services, sdk::Parts &parts, sdk::Random random)
        : construction_(construction), services_(services), parts_(parts), random_(random) {}

    /// Every trainer of a stage has the same context: what a change leaves is what a resumed run builds.
    [[nodiscard]] Built<sdk::Trainer> build(const Planned<sdk::Trainer> &planned, const std::string &stage);

    /// Whether the changes of a stage can be made one after the other, from `first` on, in a stage whose trainer is
    /// `running`: by throw-away trainers. Warns of settings that a change drops.
    void check_changes(const PlannedStage &stage, std::size_t first, const sdk::Trainer &running);

  private:
    void check_trained(const sdk::Trainer &trainer);
    void check_epoch(const PlannedChange &change, const sdk::Trainer &running);
    void warn_of_dropped(const PlannedChange &change);

    Construction &construction_;
    sdk::Services &services_;
    sdk::Parts &parts_;
    sdk::Random random_;
};

/// Pointers to the settings that change, within the stage.
[[nodiscard]] std::vector<std::string> pointers_of(const PlannedChange &change);

} // namespace retort::framework
