// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace retort::optimizer_sgld {

/// What a step is scaled by, element by element.
///   none     nothing
///   rmsprop  G = 1 / (sqrt(v) + epsilon), v <- smoothing * v + (1 - smoothing) * g^2    (Li et al. 2016)
enum class Preconditioner { none, rmsprop };

inline std::span<const std::string_view> names_of(Preconditioner) {
    static constexpr std::string_view names[] = {"none", "rmsprop"};
    return names;
}

/// Stochastic-gradient Langevin dynamics (Welling and Teh 2011). Where g is the gradient of the mean loss, the values
/// come to be samples of a density proportional to exp(-U / T), U = N * mean loss + p / 2 * |w|^2 with w in tensors
/// that decay: the posterior over weights, where the loss is -log of the likelihood. With z standard normal, and
/// without a preconditioner G = 1:
///   w <- w - e_t / 2 * G * (N g + p w) + sqrt(e_t T G) z
///   e_t = step_size at this step * (1 + t / decay_steps)^-decay_power
/// which for a constant step size is a (b + t)^-gamma as published, with b = decay_steps. For the change of G with w
/// nothing is added, as Li et al. do in practice. Samples are right as e_t goes to 0; how far off constant ones are,
/// docs/6_method_and_numerics.md says.
class Sgld final : public sdk::Optimizer {
  public:
    struct Settings {
        sdk::Schedule step_size = 1e-5;
        double decay_power = 0.0;
        double decay_steps = 1000.0;
        std::uint64_t examples = 0;
        double prior_precision = 1.0;
        double temperature = 1.0;
        Preconditioner preconditioner = Preconditioner::none;
        double smoothing = 0.99;
        double epsilon = 1e-5;

        void fields(sdk::Fields &fields);
    };

    /// Reports, at "/examples", that their number is neither given nor known.
    Sgld(const Settings &settings, const sdk::OptimizerContext &context);

    void attach(std::span<const sdk::Parameters> parameters) override;

    /// The noise of an element follows from `random` and its place, whatever the number of threads.
    void step(sdk::Progress progress, sdk::Random random) override;

    void visit_state(sdk::StateVisitor &visitor) override;

  private:
    struct Arena {
        sdk::Parameters parameters;
        sdk::Buffer squares; ///< v; empty without a preconditioner
    };

    void step_tensor(const Arena &arena, const sdk::Parameter &tensor, double size, sdk::Random random);
    void step_block(const Arena &arena, std::size_t begin, std::size_t count, bool decays, double size,
                    sdk::Random random) const;

    Settings settings_;
    sdk::Services &services_;
    std::vector<Arena> arenas_;
};

} // namespace retort::optimizer_sgld
