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
#include <string>
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

    /// The same of one of the model's members alone, `member` below Model::members().
    [[nodiscard]] virtual ConstMatrix member_tap(std::size_t member, std::size_t index) const {
        (void)member;
        return tap(index);
    }

    /// Gradients of the last forward, from gradients at any taps; several entries for one tap are summed.
    virtual void backward(std::span<const TapGradient> gradients, Write write) = 0;

    /// d loss / d inputs of the last backward; empty unless PassSpec::input_gradients.
    [[nodiscard]] virtual ConstMatrix input_gradient() const { return {}; }
};

class Model;

/// Models of the manifest, by name. Names were checked when the settings were read.
class RETORT_VISIBLE Models {
  public:
    [[nodiscard]] virtual Model &model(std::string_view name) = 0;

  protected:
    Models() = default;
    ~Models() = default;
    Models(const Models &) = default;
    Models &operator=(const Models &) = default;
};

struct ModelContext : Context {
    std::size_t input_width = 0;   ///< of the dataset
    ImageShape image_shape = {};   ///< of the dataset
    std::size_t classes = 0;       ///< width of the logits
    std::string directory = {};    ///< the manifest's: relative paths in the settings start here
    const Dataset *data = nullptr; ///< the dataset, to ask for sizes; null: unknown
    Models *models = nullptr;      ///< those that the settings refer to, which outlive this one; null: none
};

/// A network with named representations, ending in logits. Teacher and student are both models.
///
/// One without parameters is never trained, and none of its passes is made for gradients.
class RETORT_VISIBLE Model : public Trainable {
  public:
    static constexpr std::string_view role = "model";
    using Context = ModelContext;

    /// All taps in order of depth; the last is the logits.
    [[nodiscard]] virtual std::span<const Tap> taps() const = 0;
    [[nodiscard]] virtual std::unique_ptr<ModelPass> make_pass(const PassSpec &spec) = 0;

    /// An optional ability: networks that answer as one, such as an ensemble, or draws of one network's noise. Each has
    /// the taps of this model, see ModelPass::member_tap; this model's own are what they say together. Where draws are
    /// members, they are drawn in Mode::evaluate too, from the stream that `forward` is given.
    [[nodiscard]] virtual std::size_t members() const { return 1; }

    /// Whether passes in Mode::sample differ from draw to draw, as those of a network with dropout.
    [[nodiscard]] virtual bool has_noise() const { return false; }

    /// An optional restriction: whether it answers for examples of `split` of its dataset.
    [[nodiscard]] virtual bool answers(Split split) const {
        (void)split;
        return true;
    }

    /// An optional restriction: whether it tells examples by Batch::ids, not by their inputs. Then it cannot be asked
    /// for augmented examples, and not for those of no dataset.
    [[nodiscard]] virtual bool by_id() const { return false; }
};

} // namespace retort::sdk
