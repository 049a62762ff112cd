// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>
#include <retort/sdk/services.hpp>

#include <span>
#include <vector>

namespace retort::model_ensemble {

/// log sum_c exp(logits_c), in double.
[[nodiscard]] double log_sum_exp(std::span<const float> logits);

/// What several networks, of one number of rows and columns, say together; on the framework's threads, without
/// allocating. One alone, or several that are equal, give their own bytes.
class Mixture {
  public:
    /// Of up to `rows` rows of `members` matrices. `services` must outlive this.
    Mixture(sdk::Services &services, std::size_t members, std::size_t rows)
        : services_(services), normalisers_(members * rows) {}

    /// Into each row of `result` logits whose softmax is the mean of the members' softmaxes:
    ///   z_c = x_1c + log(1/K sum_k exp((x_kc - n_k) - (x_1c - n_1))),   n_k = log sum_c exp(x_kc),
    /// which is log of that mean, but for n_1, which no softmax sees.
    void mix(std::span<const sdk::ConstMatrix> members, sdk::Matrix result);

    /// Into `result` the members' mean.
    void average(std::span<const sdk::ConstMatrix> members, sdk::Matrix result);

  private:
    void mix_row(std::span<const sdk::ConstMatrix> members, std::size_t row, std::span<float> result);

    sdk::Services &services_;
    std::vector<double> normalisers_; ///< n_k of each member, row by row
};

} // namespace retort::model_ensemble
