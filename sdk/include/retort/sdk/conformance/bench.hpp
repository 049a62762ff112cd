// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/conformance/finding.hpp>
#include <retort/sdk/conformance/surroundings.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/registrar.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/trainable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace retort::sdk::conformance {

/// A pass that is to be made: rows are counted in examples, of which a role may make several rows.
struct FlowSpec {
    Mode mode = Mode::evaluate;
    std::size_t examples = 5;
    std::size_t tail = 0;
    bool parameter_gradients = true;
    bool input_gradients = true;
    std::size_t padding = 0; ///< numbers between the rows of what the flow hands in, which belong to nobody
    std::size_t first = 0;   ///< which of the examples that `fill` draws is its first
};

/// One pass through a component as a function from some matrices to numbers: what the passes of models, heads and
/// discriminators, and the calls of losses and objectives, have in common.
class Flow {
  public:
    virtual ~Flow() = default;

    /// Where the numbers to differentiate by are written, all rows; the same memory for the life of the flow.
    [[nodiscard]] virtual std::vector<Matrix> inputs() = 0;

    /// Gives examples `examples` to 2 `examples` - 1 all that the first `examples` have. False where the role promises
    /// no mean over rows.
    [[nodiscard]] virtual bool repeat(std::size_t examples) { return (void)examples, false; }

    /// Writes ordinary inputs, whatever belongs to them (labels, conditions) included: that of example e of the batch
    /// is example `FlowSpec::first` + e of what `random` gives.
    virtual void fill(Random random) = 0;

    virtual void forward(std::size_t examples, Random random, Progress progress) = 0;

    /// Of the last forward: `rows()` rows of `width()` numbers.
    [[nodiscard]] virtual std::size_t rows() const = 0;
    [[nodiscard]] virtual std::size_t width() const = 0;
    virtual void read(std::span<double> outputs) const = 0;

    /// Backward of the last forward, given a coefficient for each output.
    virtual void backward(std::span<const float> coefficients, Write write) = 0;

    /// Of the last backward, one for each of `inputs()`; an empty one where there is none.
    [[nodiscard]] virtual std::vector<ConstMatrix> input_gradients() const = 0;

    /// Whether a row of outputs depends on the same row of the inputs alone.
    [[nodiscard]] virtual bool by_row() const { return true; }

    /// Whether numbers of that input may be zero; standard deviations may not.
    [[nodiscard]] virtual bool may_be_zero(std::size_t) const { return true; }

    /// Parameter gradients of sum_r <direction_r, d output_r / d input_r>; false where the component does not claim it.
    [[nodiscard]] virtual bool second_backward(ConstMatrix, Write) { return false; }
};

/// A component with all that it needs around it, ready to be trained or called.
class Bench {
  public:
    virtual ~Bench() = default;

    [[nodiscard]] virtual Component &component() = 0;

    /// Null where the role has no parameters.
    [[nodiscard]] virtual Trainable *trainable() { return nullptr; }

    /// First values, fitting: what a restored object goes without.
    virtual void prepare(Random random) = 0;

    /// Makes what steps need, after `prepare` or after a restore.
    virtual void ready() = 0;

    /// Step `k`, as training does one. In a steady step the kit itself allocates nothing.
    virtual void step(std::uint64_t k) = 0;

    /// What the last step gave out.
    [[nodiscard]] virtual std::vector<double> observe() const = 0;

    /// Null where the role has no such thing; then `no_flow` says why.
    [[nodiscard]] virtual std::unique_ptr<Flow> flow(const FlowSpec &) { return nullptr; }
    [[nodiscard]] virtual std::string no_flow() const { return {}; }

    /// Whether flows have a backward; if not, why.
    [[nodiscard]] virtual std::string no_backward() const { return {}; }

    /// Why its settings cannot change between two steps; empty if some can.
    [[nodiscard]] virtual std::string no_change() { return "only a trainer's settings change while it runs"; }

    /// Changes all that can change, to what it is.
    virtual void change(Random) {}

    /// What a change must leave as it is.
    [[nodiscard]] virtual std::vector<double> kept_by_changes() { return {}; }

    /// Why the state is not all that a new object needs to go on; empty if it is.
    [[nodiscard]] virtual std::string no_resume() const { return {}; }

    /// What only this role promises; a sentence if it does not hold.
    [[nodiscard]] virtual std::string broken_promise() { return {}; }
};

/// What benches of one situation are made from.
struct BenchSpec {
    const AnySettings &settings;
    Surroundings &surroundings;
    Random random;
    bool dead = false; ///< data with a row and a column of zeros
};

/// One way in which components of a role are used, such as "with a condition".
struct Situation {
    std::string name;

    /// Throws Refusal where this component cannot be used so.
    std::function<std::unique_ptr<Bench>(const BenchSpec &)> make;
};

/// A component that says, as it may, that it cannot be made like this.
struct Refusal {
    std::string reason;
};

} // namespace retort::sdk::conformance
