// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/random.hpp>

#include <cstddef>

namespace retort::head_random_projection {

/// u = P h with a fixed matrix P [width, inputs] of orthonormal rows, uniformly distributed among all of them: standard
/// normal numbers, made orthonormal row by row in double (Gram and Schmidt, twice).
class Projection {
  public:
    /// `width` is at most `inputs`.
    Projection(std::size_t width, std::size_t inputs, sdk::Random random);

    /// `h` [rows, inputs] to `u` [rows, width]. [any thread]
    void apply(sdk::ConstMatrix h, sdk::Matrix u) const;

  private:
    sdk::MatrixBuffer transposed_; ///< [inputs, width]
};

} // namespace retort::head_random_projection
