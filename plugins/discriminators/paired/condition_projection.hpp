// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>

#include <cstddef>
#include <deque>
#include <plugins/shared/dense_network.hpp>
#include <plugins/shared/matmul.hpp>

namespace retort::discriminator_paired {

/// The condition's part of a network's first layer, W_c c + b, where W_c is the last `width` columns of its weight.
/// It is computed once for the B examples, however many samples belong to each.
class ConditionProjection {
  public:
    /// `network` must outlive this. `rows`: the most samples there will be.
    ConditionProjection(const plugin_support::DenseNetwork &network, std::size_t width, std::size_t rows);

    /// W_c c + b for `features` [B, width], which are copied. Valid until the next call. Products are built when a
    /// number of examples is seen first.
    sdk::ConstMatrix forward(sdk::ConstMatrix features);

    /// The gradient of W_c from `gradient` [rows, first layer's width], row r belonging to example r mod B. That of b
    /// is the network's affair. `write` is not none.
    void backward(sdk::ConstMatrix gradient, sdk::Write write);

  private:
    struct Products {
        std::size_t examples;
        plugin_support::Matmul forward;
        plugin_support::Matmul weight_replace;
        plugin_support::Matmul weight_add;
    };

    [[nodiscard]] const Products &products(std::size_t examples);
    [[nodiscard]] Products make_products(std::size_t examples) const;
    [[nodiscard]] sdk::ConstMatrix sum_over_samples(sdk::ConstMatrix gradient);

    const plugin_support::DenseNetwork &network_;
    std::size_t width_;
    std::deque<Products> products_;
    sdk::MatrixBuffer features_copy_;
    sdk::MatrixBuffer result_;
    sdk::MatrixBuffer sum_;
    sdk::ConstMatrix features_;
};

} // namespace retort::discriminator_paired
