// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace retort::trainer_adversarial_distillation {

/// What a discriminator with class logits adds to a game: the cross-entropy of the labels by its class logits, in nats
/// (Odena et al. 2017). Without class logits it is 0 and has no gradient.
class ClassTerm {
  public:
    /// For at most `rows` rows; `classes` is 0 without class logits.
    void prepare(std::size_t rows, std::size_t classes) {
        gradient_ = sdk::MatrixBuffer(classes > 0 ? rows : 0, classes);
    }

    /// The sum over the sides of a batch of the mean over a side's labelled rows, 0 where none is labelled. `logits`:
    /// `silent` rows that do not count, and then a side after the other, each with a row per label.
    double evaluate(sdk::ConstMatrix logits, std::span<const std::int32_t> labels, std::size_t silent, double scale);

    /// `scale` times the gradient of the last `evaluate` with respect to `rows` rows of logits; empty without any.
    [[nodiscard]] sdk::ConstMatrix gradient(std::size_t rows) const { return gradient_.view(rows); }

  private:
    sdk::MatrixBuffer gradient_;
};

} // namespace retort::trainer_adversarial_distillation
