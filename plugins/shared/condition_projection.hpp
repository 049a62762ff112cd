// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/roles/discriminator.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <plugins/shared/dense_network.hpp>
#include <plugins/shared/matmul.hpp>
#include <span>

namespace retort::plugin_support {

/// What of an sdk::Condition is seen, as one row of numbers: the features, then the label. That is `classes` numbers,
/// all 0 but a 1 in the label's place, and of an unlabelled example all 0; or, with an embedding, as many numbers as
/// that is wide, the label's row of a trained table, which has a last row for unlabelled examples. A width of 0: it is
/// not seen.
struct ConditionWidths {
    std::size_t features = 0;
    std::size_t classes = 0;
    std::size_t embedding = 0;

    [[nodiscard]] std::size_t label() const { return embedding > 0 ? embedding : classes; }

    [[nodiscard]] std::size_t total() const { return features + label(); }
};

/// Where the parts of a ConditionProjection lie in an arena.
struct ConditionTensors {
    TensorView weight;           ///< [out, in]: W_c is its last columns, as many as the condition is wide
    std::span<const float> bias; ///< [out]
    TensorView embedding = {};   ///< [classes + 1, embedding]; empty without one
};

/// A linear map of the condition, W_c c + b. Without an embedding the columns of the label are one: an unlabelled
/// example has no such term. It is computed once for the B examples, however many samples belong to each.
class ConditionProjection {
  public:
    /// `services` and the arena must outlive this. `widths`: not all 0. `rows`: the most samples there will be.
    ConditionProjection(const ConditionTensors &tensors, ConditionWidths widths, std::size_t rows,
                        sdk::Services &services);

    /// Of the first layer of a network, whose input ends with the condition.
    ConditionProjection(const DenseNetwork &network, ConditionWidths widths, std::size_t rows, sdk::Services &services,
                        const TensorView &embedding = {})
        : ConditionProjection({network.weights(0), network.bias(0), embedding}, widths, rows, services) {}

    /// W_c c + b, [B, out]. The condition is copied. Valid until the next call. Products are built when a number of
    /// examples is seen first. Throws sdk::Error when the condition does not fit the widths, or the B examples do not
    /// divide the `rows` samples.
    sdk::ConstMatrix forward(const sdk::Condition &condition, std::size_t rows);

    /// The gradients of W_c and of the embedding from `gradient` [rows, out], row r belonging to example r mod B. That
    /// of b is its owner's affair. `write` is not none.
    void backward(sdk::ConstMatrix gradient, sdk::Write write);

    /// The gradients of W_c and of the embedding become 0.
    void clear_gradients();

  private:
    struct Products {
        std::size_t examples;
        Matmul forward;
        Matmul weight_replace;
        Matmul weight_add;
        std::optional<Matmul> embedding; ///< the gradient of an example's embedding
    };

    [[nodiscard]] std::size_t checked_examples(const sdk::Condition &condition, std::size_t rows) const;
    [[nodiscard]] sdk::ConstMatrix encode(const sdk::Condition &condition, std::size_t examples);
    void encode_label(std::int32_t label, std::size_t row);
    [[nodiscard]] const Products &products(std::size_t examples);
    [[nodiscard]] Products make_products(std::size_t examples) const;
    [[nodiscard]] sdk::ConstMatrix sum_over_samples(sdk::ConstMatrix gradient);
    void gradient_of_embedding(const Products &made, sdk::ConstMatrix sum);

    /// Columns of the weight or its gradient, from the condition's on.
    [[nodiscard]] float *columns_of(sdk::Matrix weight) const { return weight.data + weight.columns - widths_.total(); }

    ConditionTensors tensors_;
    ConditionWidths widths_;
    sdk::Services &services_;
    std::deque<Products> products_;
    sdk::MatrixBuffer encoded_;
    sdk::MatrixBuffer result_;
    sdk::MatrixBuffer sum_;
    std::vector<std::size_t> embedded_;    ///< rows of the embedding that the examples have
    sdk::MatrixBuffer embedded_gradients_; ///< of the examples
    sdk::ConstMatrix condition_;           ///< of the last forward, encoded
};

} // namespace retort::plugin_support
