// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "categorical.hpp"

#include <plugins/shared/families/categorical.hpp>
#include <vector>

namespace retort::head_categorical {

/// The parameters are log p, with p the mean over K members of s_k = softmax(v_k), v_k under the map of the space. From
/// a gradient g of log p, with r_k = s_k / p: d v_k = (r_k g - s_k sum r_k g) / K.
class CategoricalPass final : public plugin_support::DensityPass {
  public:
    CategoricalPass(const Categorical &head, const plugin_support::DensityPassParts &parts, const sdk::PassSpec &spec);

  private:
    void make_parameters() override;
    void hand_back(std::span<const sdk::Matrix> member_gradients, sdk::Write write) override;

    /// Densities are those of the samples that were drawn last; before any, of the stage's first.
    void anneal(sdk::Progress progress) override;

    std::span<const float> under_map(std::span<const float> u);
    void hand_back_row(std::size_t row, std::span<const float> u, float share, std::span<float> result);

    const Categorical &head_;
    std::vector<float> mapped_; ///< one row of one member
};

} // namespace retort::head_categorical
