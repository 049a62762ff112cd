// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/run_log.hpp"
#include "components.hpp"
#include "services.hpp"

#include <retort/sdk/roles/observer.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace retort::framework {

/// All observers of a run as one. Calls go out in the order of the manifest; what an observer throws leaves as an
/// Error that names it.
class Observers {
  public:
    /// Both must outlive this. Without `tells` the observers hear nothing; their state is visited all the same.
    Observers(std::vector<Built<sdk::Observer>> &observers, RunLog &log, bool tells = true)
        : observers_(observers), log_(log), tells_(tells) {}

    void visit_state(sdk::StateVisitor &visitor);

    void begin_run();
    void begin_stage(const sdk::StageInfo &stage);
    void step(std::uint64_t step, std::span<const sdk::Metric> metrics);
    void epoch(std::uint64_t epoch, std::span<const sdk::Metric> metrics);
    void events(std::uint64_t step, std::span<const Event> events);

    /// Tells every observer that heard of the stage's begin, then throws the first error of theirs.
    void end_stage(bool complete);
    void end_run();

    /// The stage failed or was cancelled. What observers throw now is logged.
    void abandon_stage() noexcept;

  private:
    template <class Call> void each(Call &&call);

    std::vector<Built<sdk::Observer>> &observers_;
    RunLog &log_;
    bool tells_;
    sdk::StageInfo stage_{};
    std::size_t begun_ = 0; ///< how many observers have heard of the stage's begin and not of its end
};

} // namespace retort::framework
