// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/head.hpp>

#include <vector>

namespace retort::plugin_support {

/// A pass of a head whose distributions are points: z is a tap, or what was made of it, under the affine map of the
/// head's space. Of several members each draw of each row is one, drawn uniformly, and the location is their mean.
class PointPass : public sdk::HeadPass {
  public:
    /// `head` must outlive the pass.
    PointPass(const sdk::Head &head, std::size_t members, std::size_t rows);

    /// `members`: as wide as the head's space.
    void forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) override;

    [[nodiscard]] sdk::Distribution distribution() const override;

    void sample(sdk::Matrix z, sdk::Random random, sdk::Progress) override;

    /// Throws: a point has no density.
    void log_density(sdk::ConstMatrix z, std::span<float> result) override;

    void backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients,
                  sdk::Write write) override;

  private:
    void choose(sdk::Random random, std::size_t draw, sdk::Matrix samples);

    const sdk::Head &head_;
    std::vector<sdk::ConstMatrix> members_;
    sdk::MatrixBuffer location_;
    std::vector<std::size_t> chosen_; ///< which member each row of the last sample is of; empty with one member
    std::size_t rows_ = 0;            ///< of the last forward
    std::size_t first_row_ = 0;       ///< likewise
};

} // namespace retort::plugin_support
