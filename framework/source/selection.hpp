// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retort::framework {

/// Keeps the parameter values of the epoch that is best on validation: highest accuracy, among equals lowest negative
/// log likelihood, among equals the first.
class Selection {
  public:
    void offer(std::uint64_t epoch, double accuracy, double nll, std::span<const float> values) {
        if (epoch_ != 0 && (accuracy < accuracy_ || (accuracy == accuracy_ && nll >= nll_)))
            return;
        epoch_ = epoch;
        accuracy_ = accuracy;
        nll_ = nll;
        values_.assign(values.begin(), values.end());
    }

    /// Counted from 1; 0 if nothing was offered.
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

    [[nodiscard]] const std::vector<float> &values() const { return values_; }

  private:
    std::uint64_t epoch_ = 0;
    double accuracy_ = 0.0;
    double nll_ = 0.0;
    std::vector<float> values_;
};

} // namespace retort::framework
