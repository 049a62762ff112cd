// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace retort::framework {

/// Keeps the parameter values of the epoch that is best on validation: highest accuracy, among equals lowest negative
/// log likelihood, among equals the first.
class Selection {
  public:
    /// `size`: of the parameter values that will be offered.
    explicit Selection(std::size_t size) : values_(size) {}

    void offer(std::uint64_t epoch, double accuracy, double nll, std::span<const float> values) {
        if (epoch_ != 0 && (accuracy < accuracy_ || (accuracy == accuracy_ && nll >= nll_)))
            return;
        epoch_ = epoch;
        accuracy_ = accuracy;
        nll_ = nll;
        std::copy(values.begin(), values.end(), values_.begin());
    }

    /// Counted from 1; 0 if nothing was offered.
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

    /// Empty if nothing was offered.
    [[nodiscard]] std::span<const float> values() const {
        return std::span(values_).first(epoch_ == 0 ? 0 : values_.size());
    }

    /// The values, moved out: nothing may be offered afterwards. Empty if nothing was offered.
    [[nodiscard]] std::vector<float> take() { return epoch_ == 0 ? std::vector<float>() : std::move(values_); }

    void visit_state(sdk::StateVisitor &visitor) {
        visitor.value("selected_epoch", epoch_);
        visitor.value("selected_accuracy", accuracy_);
        visitor.value("selected_nll", nll_);
        visitor.array("selected_values", std::span(values_));
    }

  private:
    std::uint64_t epoch_ = 0;
    double accuracy_ = 0.0;
    double nll_ = 0.0;
    std::vector<float> values_;
};

} // namespace retort::framework
