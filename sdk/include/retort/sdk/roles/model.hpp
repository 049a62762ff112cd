// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batch.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace retort::sdk {

/// A named representation inside a model: "hidden.0", "hidden.1", ... (after the activation, before dropout), "logits".
struct Tap {
    std::string_view name; ///< valid as long as the model
    std::size_t width;
};

/// The gradient of a loss with respect to one tap, [rows, tap width].
struct TapGradient {
    std::size_t tap;
    ConstMatrix gradient;
};

/// One forward/backward in flight through a model.
class RETORT_VISIBLE ModelPass {
  public:
    virtual ~ModelPass() = default;

    /// Runs the model on `batch.inputs`. Noise of row r comes from `random.at(batch.first_row + r)` alone. The inputs
    /// must stay valid and unchanged until after `backward`.
    virtual void forward(const Batch &batch, Random random) = 0;

    /// A tap named in the PassSpec, [rows, width]. Valid until the next forward of this pass.
    [[nodiscard]] virtual ConstMatrix tap(std::size_t index) const = 0;

    /// Gradients of the last forward, from gradients at any taps; several entries for one tap are summed.
    virtual void backward(std::span<const TapGradient> gradients, Write write) = 0;

    /// d loss / d inputs of the last backward; empty unless PassSpec::input_gradients.
    [[nodiscard]] virtual ConstMatrix input_gradient() const { return {}; }
};

struct ModelContext : Context {
    std::size_t input_width = 0; ///< of the dataset
    ImageShape image_shape = {}; ///< of the dataset
    std::size_t classes = 0;     ///< width of the logits
};

/// A network with named representations, ending in logits. Teacher and student are both models.
class RETORT_VISIBLE Model : public Trainable {
  public:
    static constexpr std::string_view role = "model";
    using Context = ModelContext;

    /// All taps in order of depth; the last is the logits.
    [[nodiscard]] virtual std::span<const Tap> taps() const = 0;
    [[nodiscard]] virtual std::unique_ptr<ModelPass> make_pass(const PassSpec &spec) = 0;
};

} // namespace retort::sdk
