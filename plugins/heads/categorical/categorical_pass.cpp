// SPDX-License-Identifier: Apache-2.0
#include "categorical_pass.hpp"

#include <algorithm>
#include <cmath>
#include <plugins/shared/families/log_softmax.hpp>

namespace retort::head_categorical {

using plugin_support::LogSoftmax;

namespace {

/// log(e^a + e^b).
double log_add(double a, double b) {
    return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

} // namespace

CategoricalPass::CategoricalPass(const Categorical &head, const plugin_support::DensityPassParts &parts,
                                 const sdk::PassSpec &spec)
    : DensityPass(std::make_unique<plugin_support::Categorical>(), parts, spec), head_(head), mapped_(parts.width) {
    anneal({});
}

void CategoricalPass::anneal(sdk::Progress progress) {
    static_cast<plugin_support::Categorical &>(family()).set_relaxation(head_.relaxation().at(progress));
}

std::span<const float> CategoricalPass::under_map(std::span<const float> u) {
    const sdk::Affine map = head_.affine();
    for (std::size_t c = 0; c < u.size(); ++c)
        mapped_[c] = plugin_support::mapped(map, c, u[c]);
    return mapped_;
}

void CategoricalPass::make_parameters() {
    const double log_count = std::log(static_cast<double>(members().size()));
    for (std::size_t r = 0; r < rows(); ++r) {
        const std::span<float> log_p = parameters(0).row(r);
        for (std::size_t k = 0; k < members().size(); ++k) {
            const LogSoftmax member(under_map(members()[k].row(r)));
            for (std::size_t c = 0; c < log_p.size(); ++c) {
                const double here = member.log(c) - log_count;
                log_p[c] = static_cast<float>(k == 0 ? here : log_add(static_cast<double>(log_p[c]), here));
            }
        }
    }
}

void CategoricalPass::hand_back(std::span<const sdk::Matrix> member_gradients, sdk::Write) {
    const float share = 1.0F / static_cast<float>(member_gradients.size());
    for (std::size_t k = 0; k < member_gradients.size(); ++k)
        for (std::size_t r = 0; r < rows(); ++r)
            hand_back_row(r, members()[k].row(r), share, member_gradients[k].row(r));
}

void CategoricalPass::hand_back_row(std::size_t row, std::span<const float> u, float share, std::span<float> result) {
    const std::span<const float> log_p = parameters(0).row(row);
    const std::span<const float> gradient = gradients(0).row(row);
    const LogSoftmax member(under_map(u));
    const auto ratio_times = [&](std::size_t c) {
        return std::exp(member.log(c) - static_cast<double>(log_p[c])) * static_cast<double>(gradient[c]);
    };
    double sum = 0.0;
    for (std::size_t c = 0; c < u.size(); ++c)
        sum += ratio_times(c);
    for (std::size_t c = 0; c < u.size(); ++c)
        result[c] = share * plugin_support::slope_of(head_.affine(), c) *
                    static_cast<float>(ratio_times(c) - member.probability(c) * sum);
}

} // namespace retort::head_categorical
