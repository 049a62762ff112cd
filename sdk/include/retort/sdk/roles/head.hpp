// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batch.hpp>
#include <retort/sdk/distribution.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace retort::sdk {

/// What is known about the result of a head pass: gradients with respect to what it gave out. Empty: none.
struct HeadGradient {
    ConstMatrix sample = {};                    ///< of the last `sample`, [draws * rows, width]
    std::span<const float> log_density = {};    ///< of the last `log_density`, [draws * rows]
    std::array<ConstMatrix, 2> parameters = {}; ///< of the parameters of `distribution`
};

/// One forward/backward in flight through a head.
class RETORT_VISIBLE HeadPass {
  public:
    virtual ~HeadPass() = default;

    /// `members`: HeadContext::members matrices [rows, tap width], one network's tap, or K dropout draws or ensemble
    /// members. They must stay valid until after `backward`.
    virtual void forward(std::span<const ConstMatrix> members, const Batch &batch) = 0;

    /// q(z|x) row by row. Valid until the next forward.
    [[nodiscard]] virtual Distribution distribution() const = 0;

    /// Draws z ~ q(z|x) into the caller's `z` [draws * rows, width]: draw d of row r lies in row d * rows + r.
    /// Reparameterised: z is a differentiable function of the parameters. The noise of draw d of row r comes from
    /// `random.at(d).at(batch.first_row + r)` alone, with the batch of the last forward; `progress` serves families
    /// whose samples are annealed.
    virtual void sample(Matrix z, Random random, Progress progress) = 0;

    /// log q(z|x) row by row, in nats. Families without a density (point) throw ErrorKind::settings.
    virtual void log_density(ConstMatrix z, std::span<float> result) = 0;

    /// Writes the gradient with respect to each member into `member_gradients` (as many as members, [rows, tap width]),
    /// and the head's own parameter gradients as `write` says.
    virtual void backward(const HeadGradient &gradient, std::span<const Matrix> member_gradients, Write write) = 0;
};

class Head;

struct HeadContext : Context {
    std::size_t tap_width = 0;
    std::size_t members = 1;
    const Head *teacher = nullptr; ///< for a student's head: the head it must meet; it outlives this one
};

/// Turns a tap into a parametric distribution q(z|x) over a space that teacher and student share.
///
/// A teacher's head has no parameters: it is only fitted, else mapping both sides to a constant would win the game. A
/// student's head is built for the teacher head's space, applies its affine map, and may project where widths differ;
/// that projection is trained with the student and never exported.
class RETORT_VISIBLE Head : public Trainable {
  public:
    static constexpr std::string_view role = "head";
    using Context = HeadContext;

    [[nodiscard]] virtual Space space() const = 0;

    /// Family of the distributions, as in Distribution::family.
    [[nodiscard]] virtual std::string_view family() const = 0;

    /// The fitted map that belongs to the space: z = (u - shift) * scale per dimension, for a raw u. Empty spans: none.
    /// Valid once fitted.
    [[nodiscard]] virtual Affine affine() const { return {}; }

    /// Whether `fit` wants to see the training data (teacher side only).
    [[nodiscard]] virtual bool needs_fit() const { return false; }

    /// One batch of the training data, in order; `members` as in HeadPass::forward.
    virtual void fit(std::span<const ConstMatrix>) {}

    /// All of the training data was shown. True asks for another pass over it.
    virtual bool end_fit() { return false; }

    [[nodiscard]] virtual std::unique_ptr<HeadPass> make_pass(const PassSpec &spec) = 0;
};

} // namespace retort::sdk
