// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batch.hpp>
#include <retort/sdk/distribution.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace retort::sdk {

/// What samples are conditioned on. Row r of a discriminator's input belongs to example r mod B, with B the batch size.
struct Condition {
    Batch batch = {};          ///< labels and inputs of the B examples, as far as Needs asks for them
    ConstMatrix features = {}; ///< [B, condition width]: the teacher-side head on the condition's tap, if there is one

    /// B, known from whichever of these is given; without any, all `rows` of the input are taken as different examples.
    [[nodiscard]] std::size_t examples(std::size_t rows) const {
        if (!features.empty())
            return features.rows;
        if (!batch.inputs.empty())
            return batch.inputs.rows;
        return batch.labels.empty() ? rows : batch.labels.size();
    }
};

/// What a discriminator must be given. What is not needed may be left empty.
struct Needs {
    bool labels = false;
    bool inputs = false;
    bool features = false;
};

/// One forward/backward in flight through a discriminator. A row's score depends on no other row's sample.
class RETORT_VISIBLE DiscriminatorPass {
  public:
    virtual ~DiscriminatorPass() = default;

    /// Where samples are written before `forward`, [PassSpec::rows, space width], rows apart by its stride. The same
    /// memory for the life of the pass. In D's own step: teacher's rows first, then the student's.
    [[nodiscard]] virtual Matrix input() = 0;

    /// Scores the first `rows` rows of `input()`. Noise of row r comes from
    /// `random.at(r / B).at(condition.batch.first_row + r mod B)` alone.
    virtual void forward(std::size_t rows, const Condition &condition, Random random, Progress progress) = 0;

    /// The scores a(z), one of each row of the last forward; valid until the next. D(z) = sigmoid(a) if the objective
    /// reads scores as logits.
    [[nodiscard]] virtual std::span<const float> scores() const = 0;

    /// [rows, classes] of an auxiliary classifier; empty for the others.
    [[nodiscard]] virtual ConstMatrix class_logits() const { return {}; }

    /// `scores`: d loss / d a per row; `class_logits`: likewise, or empty.
    virtual void backward(std::span<const float> scores, ConstMatrix class_logits, Write write) = 0;

    /// d loss / d input of the last backward, [rows, space width]; empty unless PassSpec::input_gradients.
    [[nodiscard]] virtual ConstMatrix input_gradient() const = 0;

    /// Parameter gradients of sum_r <direction_r, d a_r / d z_r>, for gradient penalties. Only where
    /// Discriminator::twice_differentiable; after a backward with unit score gradients. `direction`: [rows, space
    /// width].
    virtual void second_backward(ConstMatrix direction, Write write) {
        (void)direction, (void)write;
        throw Error(ErrorKind::plugin, "this discriminator is not twice differentiable");
    }
};

struct DiscriminatorContext : Context {
    Space space = {};                ///< of the samples
    std::size_t condition_width = 0; ///< 0: the pair has no condition
    std::size_t input_width = 0;     ///< of the dataset
    std::size_t classes = 0;
};

/// D_theta: tells the teacher's samples (high scores) from the student's.
class RETORT_VISIBLE Discriminator : public Trainable {
  public:
    static constexpr std::string_view role = "discriminator";
    using Context = DiscriminatorContext;

    [[nodiscard]] virtual Needs needs() const { return {}; }

    /// Whether its passes have a `second_backward`.
    [[nodiscard]] virtual bool twice_differentiable() const { return false; }

    /// Whether its passes give `class_logits`. Whoever trains it trains them on the labels of both sides' samples.
    [[nodiscard]] virtual bool classifies() const { return false; }

    [[nodiscard]] virtual std::unique_ptr<DiscriminatorPass> make_pass(const PassSpec &spec) = 0;
};

} // namespace retort::sdk
