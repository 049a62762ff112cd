// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/pass.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <span>

namespace retort::discriminator_spectral_norm_mlp {

/// The largest singular value of one weight W, estimated by power iteration (Miyato et al. 2018, algorithm 1): with
/// unit vectors u and v,
///   v <- W^T u / |W^T u|,   u <- W v / |W v|,   sigma = u^T W v,   W' = W / sigma.
/// Its state is u and v; all else follows from them and W. Bytes do not depend on the number of threads.
class SpectralNorm {
  public:
    /// For weights [rows, columns]. `services` must outlive this.
    SpectralNorm(std::size_t rows, std::size_t columns, sdk::Services &services);

    /// Begins with random vectors, and goes on for so many steps that sigma is a fair estimate from the first.
    void initialise(sdk::ConstMatrix weight, sdk::Random random);

    /// One step of the power iteration.
    void iterate(sdk::ConstMatrix weight);

    /// Measures sigma, u and v staying as they are, and writes W' into `effective`.
    void divide(sdk::ConstMatrix weight, sdk::Matrix effective);

    /// From G = d loss / d W' the gradient with respect to W, u and v taken as constants:
    ///   (G - <G, W'> u v^T) / sigma.
    /// `effective` is W' as `divide` wrote it last; `write` is not none.
    void pull_back(sdk::ConstMatrix effective, sdk::ConstMatrix effective_gradient, sdk::Matrix gradient,
                   sdk::Write write);

    [[nodiscard]] float sigma() const { return sigma_; }

    [[nodiscard]] std::span<float> u() const { return u_.span(); }

    [[nodiscard]] std::span<float> v() const { return v_.span(); }

  private:
    void multiply(sdk::ConstMatrix weight);

    sdk::Services &services_;
    sdk::Buffer u_;
    sdk::Buffer v_;
    sdk::Buffer product_; ///< W v, or another number a row
    float sigma_ = 1.0F;
};

} // namespace retort::discriminator_spectral_norm_mlp
