// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dirichlet.hpp"

#include <vector>

namespace retort::head_dirichlet {

/// Concentrations of a Dirichlet head's two sides, and the way back on the student's.
class DirichletPass final : public plugin_support::DensityPass {
  public:
    DirichletPass(const Dirichlet &head, const plugin_support::DensityPassParts &parts, const sdk::PassSpec &spec);

  private:
    void make_parameters() override;
    void hand_back(std::span<const sdk::Matrix> member_gradients, sdk::Write write) override;

    /// v of a row: under the map of the space, the members' mean.
    [[nodiscard]] double mapped_mean(std::size_t row, std::size_t column) const;
    void teacher_row(std::size_t row);
    void student_row(std::size_t row);

    const Dirichlet &head_;
    std::vector<float> mapped_;   ///< one row of one member
    std::vector<double> mean_;    ///< of the members' probabilities in one row
    std::vector<double> squares_; ///< mean of their squares
};

} // namespace retort::head_dirichlet
