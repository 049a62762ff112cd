// SPDX-License-Identifier: Apache-2.0
#include "dirichlet_pass.hpp"

#include <algorithm>
#include <cmath>
#include <plugins/shared/families/dirichlet.hpp>
#include <plugins/shared/families/log_softmax.hpp>

namespace retort::head_dirichlet {

namespace {

constexpr double straight_from = 13.815510557964274; ///< log 10^6

/// exp(v), and from 10^6 on its tangent there.
double concentration(double v) {
    return v < straight_from ? std::exp(v) : 1e6 * (1.0 + (v - straight_from));
}

double concentration_slope(double v) {
    return v < straight_from ? std::exp(v) : 1e6;
}

/// s of Dirichlet's comment, from the sums over classes of p (1 - p) and of the members' variances.
double moment_precision(double whole, double spread, double most) {
    return spread * (most + 1.0) <= whole ? most : std::max(1.0, whole / spread - 1.0);
}

} // namespace

DirichletPass::DirichletPass(const Dirichlet &head, const plugin_support::DensityPassParts &parts,
                             const sdk::PassSpec &spec)
    : DensityPass(std::make_unique<plugin_support::Dirichlet>(), parts, spec), head_(head), mapped_(parts.width),
      mean_(parts.width), squares_(parts.width) {}

void DirichletPass::make_parameters() {
    for (std::size_t r = 0; r < rows(); ++r)
        head_.is_teacher() ? teacher_row(r) : student_row(r);
}

void DirichletPass::teacher_row(std::size_t row) {
    std::ranges::fill(mean_, 0.0);
    std::ranges::fill(squares_, 0.0);
    const double share = 1.0 / static_cast<double>(members().size());
    for (const sdk::ConstMatrix &member : members()) {
        for (std::size_t c = 0; c < mapped_.size(); ++c)
            mapped_[c] = plugin_support::mapped(head_.affine(), c, member.row(row)[c]);
        const plugin_support::LogSoftmax softmax(mapped_);
        for (std::size_t c = 0; c < mapped_.size(); ++c) {
            mean_[c] += share * softmax.probability(c);
            squares_[c] += share * softmax.probability(c) * softmax.probability(c);
        }
    }
    double whole = 0.0;
    double spread = 0.0;
    for (std::size_t c = 0; c < mean_.size(); ++c) {
        whole += mean_[c] * (1.0 - mean_[c]);
        spread += std::max(0.0, squares_[c] - mean_[c] * mean_[c]);
    }
    const double precision =
        members().size() == 1 ? head_.precision() : moment_precision(whole, spread, head_.precision());
    for (std::size_t c = 0; c < mean_.size(); ++c)
        parameters(0).row(row)[c] = static_cast<float>(head_.least() + precision * mean_[c]);
}

double DirichletPass::mapped_mean(std::size_t row, std::size_t column) const {
    double sum = 0.0;
    for (const sdk::ConstMatrix &member : members())
        sum += static_cast<double>(plugin_support::mapped(head_.affine(), column, member.row(row)[column]));
    return sum / static_cast<double>(members().size());
}

void DirichletPass::student_row(std::size_t row) {
    const std::span<float> alpha = parameters(0).row(row);
    for (std::size_t c = 0; c < alpha.size(); ++c)
        alpha[c] = static_cast<float>(head_.least() + concentration(mapped_mean(row, c)));
}

void DirichletPass::hand_back(std::span<const sdk::Matrix> member_gradients, sdk::Write) {
    const double share = 1.0 / static_cast<double>(member_gradients.size());
    for (std::size_t r = 0; r < rows(); ++r)
        for (std::size_t c = 0; c < mapped_.size(); ++c) {
            const double slope = share * static_cast<double>(plugin_support::slope_of(head_.affine(), c)) *
                                 concentration_slope(mapped_mean(r, c));
            for (const sdk::Matrix &member : member_gradients)
                member.row(r)[c] = static_cast<float>(slope * static_cast<double>(gradients(0).row(r)[c]));
        }
}

} // namespace retort::head_dirichlet
