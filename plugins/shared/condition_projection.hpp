// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/roles/discriminator.hpp>

#include <cstddef>
#include <deque>
#include <plugins/shared/dense_network.hpp>
#include <plugins/shared/matmul.hpp>

namespace retort::plugin_support {

/// What of an sdk::Condition a network sees behind its sample: the features, then the label as `classes` numbers, all 0
/// but a 1 in the label's place; of an unlabelled example all are 0. A width of 0: it does not see that.
struct ConditionWidths {
    std::size_t features = 0;
    std::size_t classes = 0;

    [[nodiscard]] std::size_t total() const { return features + classes; }
};

/// The condition's part of a network's first layer, W_c c + b, where W_c is the last columns of its weight, as many as
/// the condition is wide. The columns of the label are an embedding of it: an unlabelled example has no such term.
/// It is computed once for the B examples, however many samples belong to each.
class ConditionProjection {
  public:
    /// `network` and `services` must outlive this. `widths`: not both 0. `rows`: the most samples there will be.
    ConditionProjection(const DenseNetwork &network, ConditionWidths widths, std::size_t rows, sdk::Services &services);

    /// W_c c + b, [B, first layer's width]. The condition is copied. Valid until the next call. Products are built when
    /// a number of examples is seen first. Throws sdk::Error when the condition does not fit the widths, or the B
    /// examples do not divide the `rows` samples.
    sdk::ConstMatrix forward(const sdk::Condition &condition, std::size_t rows);

    /// The gradient of W_c from `gradient` [rows, first layer's width], row r belonging to example r mod B. That of b
    /// is the network's affair. `write` is not none.
    void backward(sdk::ConstMatrix gradient, sdk::Write write);

  private:
    struct Products {
        std::size_t examples;
        Matmul forward;
        Matmul weight_replace;
        Matmul weight_add;
    };

    [[nodiscard]] std::size_t checked_examples(const sdk::Condition &condition, std::size_t rows) const;
    [[nodiscard]] sdk::ConstMatrix encode(const sdk::Condition &condition, std::size_t examples);
    [[nodiscard]] const Products &products(std::size_t examples);
    [[nodiscard]] Products make_products(std::size_t examples) const;
    [[nodiscard]] sdk::ConstMatrix sum_over_samples(sdk::ConstMatrix gradient);

    const DenseNetwork &network_;
    ConditionWidths widths_;
    sdk::Services &services_;
    std::deque<Products> products_;
    sdk::MatrixBuffer encoded_;
    sdk::MatrixBuffer result_;
    sdk::MatrixBuffer sum_;
    sdk::ConstMatrix condition_; ///< of the last forward, encoded
};

} // namespace retort::plugin_support
