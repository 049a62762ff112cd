// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace retort::sdk {

struct OptimizerContext : Context {
    /// Training examples of the stage's data, with a label or without: what turns a gradient that is a mean over a
    /// batch into an estimate of that of the sum over all. 0 where whoever builds the optimizer does not know.
    std::uint64_t examples = 0;
};

/// Turns gradients into new parameter values.
class RETORT_VISIBLE Optimizer : public Component {
  public:
    static constexpr std::string_view role = "optimizer";
    using Context = OptimizerContext;

    /// Names the arenas to optimise, once, before the first step; allocates the state that belongs to them. The
    /// arenas must outlive the optimizer.
    virtual void attach(std::span<const Parameters> parameters) = 0;

    /// One step on all attached arenas, whose rounded copies it may write too (see RoundedCopy). The caller then calls
    /// `parameters_changed(Change::step)` on their owners. `random` serves optimizers that add noise (Langevin).
    virtual void step(Progress progress, Random random) = 0;
};

} // namespace retort::sdk
