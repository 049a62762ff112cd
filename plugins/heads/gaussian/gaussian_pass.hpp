// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gaussian.hpp"

#include <cstddef>
#include <vector>

namespace retort::head_gaussian {

/// A pass of a Gaussian head. Samples are z = mu + sigma * e with standard normal e, so that with gradients g of them
/// d mu = sum over draws of g, d sigma = sum of g * e. Number e of draw d and row r follows from the stream, d and r's
/// place in the batch of all replicas.
class GaussianPass final : public sdk::HeadPass {
  public:
    /// `head`, `projection` (null: none) and `services` must outlive the pass.
    GaussianPass(Gaussian &head, const plugin_support::Projection *projection, sdk::Services &services,
                 std::size_t members, const sdk::PassSpec &spec);

    void forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) override;

    [[nodiscard]] sdk::Distribution distribution() const override;

    void sample(sdk::Matrix z, sdk::Random random, sdk::Progress) override;

    /// sum over dimensions of -log sigma - log(2 pi) / 2 - ((z - mu) / sigma)^2 / 2.
    void log_density(sdk::ConstMatrix z, std::span<float> result) override;

    /// Student's side only: throws on the teacher's, where nothing trains.
    void backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients,
                  sdk::Write write) override;

  private:
    void locate(std::span<const sdk::ConstMatrix> u);
    void spread_over_members(std::span<const sdk::ConstMatrix> u);
    void clear_gradients();
    void add_sample_gradient(sdk::ConstMatrix gradient);
    void add_density_gradient(std::span<const float> gradient);
    void add_parameter_gradients(sdk::ConstMatrix mean_gradient, sdk::ConstMatrix deviation_gradient);
    void hand_to_members(std::span<const sdk::Matrix> gradients);

    Gaussian &head_;
    sdk::Services &services_;
    plugin_support::ProjectionPass projection_;
    sdk::MatrixBuffer mean_;
    sdk::MatrixBuffer deviation_;
    sdk::MatrixBuffer noise_;    ///< e of the last samples
    sdk::MatrixBuffer residual_; ///< (z - mu) / sigma of the last log_density
    sdk::MatrixBuffer mean_gradient_;
    std::vector<double> deviation_gradient_; ///< summed over rows
    std::vector<float> zeros_;
    std::size_t rows_ = 0; ///< of the last forward, as the next
    std::size_t first_row_ = 0;
};

} // namespace retort::head_gaussian
