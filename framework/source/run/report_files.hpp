// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../files/atomic_file.hpp"

#include <retort/framework/run.hpp>
#include <retort/sdk/matrix.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// The reliability diagrams of a report as a table, a bin a row: `low`, `high`, `count`, `confidence`, `accuracy` and,
/// once the logits were scaled, `scaled_count`, `scaled_confidence`, `scaled_accuracy`. Cells of what is not known,
/// means of nothing included, are empty.
[[nodiscard]] std::string reliability_csv(const Report &report);

/// A table of predictions, an example a row: `index`, `label` (-1: none), `predicted` (the most probable class, the
/// first of equals), `probability_0`, `probability_1`, ... It is there whole, once committed, or not at all.
class PredictionsFile {
  public:
    explicit PredictionsFile(const std::filesystem::path &path) : file_(path) {}

    /// The next examples.
    void add(sdk::ConstMatrix logits, std::span<const std::int32_t> labels);

    void commit() { file_.commit(); }

  private:
    void add_head(std::size_t classes);
    void add_row(std::span<const float> logits, std::int32_t label);

    AtomicFile file_;
    std::uint64_t rows_ = 0;
    std::vector<float> probabilities_; ///< of a row
    std::string text_;                 ///< of a batch
};

} // namespace retort::framework
