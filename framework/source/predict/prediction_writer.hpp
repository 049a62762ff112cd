// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/predictor.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace retort::framework {

/// Makes the bytes of a file of predictions, a batch at a time on all threads. In a steady batch it allocates nothing.
class PredictionWriter {
  public:
    /// `services` must outlive this.
    PredictionWriter(PredictionFormat format, std::size_t classes, sdk::Services &services);

    /// What stands before the predictions, of `examples` in all.
    [[nodiscard]] std::string head(std::uint64_t examples) const;

    /// Gives `sink` the bytes of a batch, in order.
    void write(const Predictions &batch, const Predictor::Sink &sink);

  private:
    PredictionFormat format_;
    std::size_t classes_;
    sdk::Services &services_;
    std::vector<std::string> parts_; ///< of a batch, one a thread
};

} // namespace retort::framework
