// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace retort::sdk {

/// What a pass does with noise and with state that moves in training.
enum class Mode {
    evaluate, ///< no noise, state frozen
    sample,   ///< noise on, state frozen (Monte Carlo dropout; the discriminator in the student's step)
    train     ///< noise on, running statistics move
};

/// What a backward does to the parameter gradients.
enum class Write {
    none,    ///< leaves them alone
    replace, ///< overwrites them: no zeroing pass is needed
    add      ///< adds to them
};

/// What a pass is made for. A pass is one forward/backward in flight: it owns activations and primitives, and computes
/// only what is named here. Any number of passes over one component may exist and be used in turn.
struct PassSpec {
    Mode mode = Mode::evaluate;
    std::size_t rows = 0;             ///< rows of a full batch
    std::size_t tail_rows = 0;        ///< rows of a short last batch, 0 if there is none; no other count is allowed
    bool parameter_gradients = false; ///< backward will be called with Write::replace or Write::add
    bool input_gradients = false;     ///< the gradient with respect to the input will be read
    std::span<const std::size_t> taps = {}; ///< models: which taps will be read; read while the pass is made
};

} // namespace retort::sdk
