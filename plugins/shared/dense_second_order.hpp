// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>

#include <cstddef>
#include <deque>
#include <plugins/shared/dense_pass.hpp>
#include <plugins/shared/matmul.hpp>
#include <vector>

namespace retort::plugin_support {

/// What DensePass::second_backward needs beside the pass: buffers, and products as rows are seen. In its source stands
/// what the letters mean.
struct DensePass::SecondOrder {
    /// For one number of rows; of each layer.
    struct Products {
        std::size_t rows;
        std::vector<Matmul> push;   ///< rows times W^T
        std::vector<Matmul> pull;   ///< rows times W
        std::vector<Matmul> weight; ///< adds rows^T times rows to W's gradient
    };

    explicit SecondOrder(const DensePass &pass);
    const Products &of(const DensePass &pass);
    static Products make_products(const DensePass &pass);

    std::deque<Products> products;
    std::vector<sdk::MatrixBuffer> tangents;   ///< y'_l, the last one being the output's
    std::vector<sdk::MatrixBuffer> pushed;     ///< u'_l of hidden layers; this and what follows: of smooth activations
    std::vector<sdk::MatrixBuffer> curvatures; ///< p_l
    sdk::MatrixBuffer widened;                 ///< an input that was bfloat16
};

} // namespace retort::plugin_support
