// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <plugins/models/ensemble/mixture.hpp>

namespace retort::model_ensemble {

namespace {

constexpr std::size_t grain = 32; ///< rows that are worth a thread

} // namespace

double log_sum_exp(std::span<const float> logits) {
    const auto top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double sum = 0.0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - top);
    return top + std::log(sum);
}

void Mixture::mix(std::span<const sdk::ConstMatrix> members, sdk::Matrix result) {
    services_.parallel_for(result.rows, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            mix_row(members, row, result.row(row));
    });
}

void Mixture::mix_row(std::span<const sdk::ConstMatrix> members, std::size_t row, std::span<float> result) {
    const std::span<double> normalisers(&normalisers_[row * members.size()], members.size());
    for (std::size_t k = 0; k < members.size(); ++k)
        normalisers[k] = log_sum_exp(members[k].row(row));
    for (std::size_t c = 0; c < result.size(); ++c) {
        const auto excess = [&](std::size_t k) { // of member k's log probability over the first one's
            return (static_cast<double>(members[k].row(row)[c]) - normalisers[k]) -
                   (static_cast<double>(members[0].row(row)[c]) - normalisers[0]);
        };
        double most = 0.0;
        for (std::size_t k = 1; k < members.size(); ++k)
            most = std::max(most, excess(k));
        double sum = 0.0;
        for (std::size_t k = 0; k < members.size(); ++k)
            sum += std::exp(excess(k) - most);
        result[c] = static_cast<float>(static_cast<double>(members[0].row(row)[c]) + most +
                                       std::log(sum / static_cast<double>(members.size())));
    }
}

void Mixture::average(std::span<const sdk::ConstMatrix> members, sdk::Matrix result) {
    services_.parallel_for(result.rows, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            const std::span<float> mean = result.row(row);
            std::copy_n(members[0].row(row).begin(), mean.size(), mean.begin());
            for (std::size_t k = 1; k < members.size(); ++k) { // a running mean: of equal ones it stays what it is
                const std::span<const float> values = members[k].row(row);
                for (std::size_t c = 0; c < mean.size(); ++c)
                    mean[c] += (values[c] - mean[c]) / static_cast<float>(k + 1);
            }
        }
    });
}

} // namespace retort::model_ensemble
