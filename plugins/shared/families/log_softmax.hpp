// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace retort::plugin_support {

/// The softmax of logits / temperature, entry by entry, in double: log p_c = l_c / T - log sum_k exp(l_k / T), with the
/// largest logit taken out of the sum, so that no logit is too large. [any thread]
class LogSoftmax {
  public:
    /// `logits` must stay valid and hold at least one finite number.
    explicit LogSoftmax(std::span<const float> logits, double temperature = 1.0)
        : logits_(logits), inverse_(1.0 / temperature),
          largest_(static_cast<double>(*std::max_element(logits.begin(), logits.end())) * inverse_) {
        double sum = 0.0;
        for (const float logit : logits)
            sum += std::exp(static_cast<double>(logit) * inverse_ - largest_);
        log_sum_ = std::log(sum);
    }

    [[nodiscard]] double log(std::size_t index) const {
        return (static_cast<double>(logits_[index]) * inverse_ - largest_) - log_sum_;
    }

    [[nodiscard]] double probability(std::size_t index) const { return std::exp(log(index)); }

  private:
    std::span<const float> logits_;
    double inverse_;
    double largest_;
    double log_sum_ = 0.0;
};

} // namespace retort::plugin_support
