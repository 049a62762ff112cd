// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/bfloat16.hpp>
#include <retort/sdk/component.hpp>
#include <retort/sdk/random.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace retort::sdk {

/// One named tensor inside a component's arena.
struct Parameter {
    std::string_view name;            ///< like a PyTorch state_dict: "layers.0.weight"; valid as long as the component
    std::array<std::size_t, 4> shape; ///< leading `dimensions` entries count; row-major, weights are [out, in]
    std::size_t dimensions;           ///< 1 to 4
    std::size_t offset;               ///< first element in the arena; a multiple of 16
    std::size_t size;                 ///< number of elements
    bool decays;                      ///< whether weight decay applies (weights: yes, biases: no)
};

/// A copy of a component's values that it multiplies by.
struct RoundedCopy {
    std::span<Bfloat16> values; ///< as many as the arena's, each the nearest to its own
    bool current = false;       ///< set by an optimizer that wrote it with the values, so that its owner need not
};

/// All parameters of a component: one plain row-major float32 arena of values, one of gradients, and a table of what
/// lies where. Gaps between tensors hold zeros in both, so that an optimizer, a norm or an all-reduce is one loop.
struct Parameters {
    std::span<const Parameter> table;
    std::span<float> values;
    std::span<float> gradients;
    RoundedCopy *rounded = nullptr; ///< null: none. Optimizers may write it in their pass over the values
};

/// Why parameter values changed.
enum class Change {
    step,   ///< an optimizer stepped: what follows training (power iteration) advances
    restore ///< they were initialised or loaded: only copies are refreshed
};

/// A component with parameters. Whoever writes parameter values calls `parameters_changed` before the next forward.
class RETORT_VISIBLE Trainable : public Component {
  public:
    /// The same spans for the life of the component; empty where there is nothing to train.
    virtual Parameters parameters() = 0;

    /// Draws initial values. The caller then calls `parameters_changed(Change::restore)`. [training thread]
    virtual void initialise(Random random) = 0;

    /// Values were written: refresh whatever is a copy of them (bfloat16, packed weights). After a step, a rounded copy
    /// that is `current` needs no refreshing; it counts once. [training thread]
    virtual void parameters_changed(Change) {}

    void visit_state(StateVisitor &visitor) override {
        if (const Parameters all = parameters(); !all.values.empty())
            visitor.array("parameters", all.values);
    }

    void state_restored() override { parameters_changed(Change::restore); }
};

} // namespace retort::sdk
