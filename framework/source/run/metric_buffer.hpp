// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/observer.hpp>
#include <retort/sdk/roles/trainer.hpp>

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// The metrics of a step or of an epoch. The first round sets the names; later rounds must report the same names in
/// the same order, and allocate nothing.
class MetricBuffer final : public sdk::Metrics {
  public:
    /// A new round.
    void clear() { count_ = 0; }

    /// What is put before the names that follow. Must outlive the buffer.
    void prefix(std::string_view text) { prefix_ = text; }

    /// Errors: sdk::Error (ErrorKind::plugin) when the name is not the one that stood here in the first round, or is
    /// one that this round has already.
    void add(std::string_view name, double value) override;

    /// The round is over. Errors: sdk::Error (ErrorKind::plugin) when names of the first round are missing.
    void seal();

    /// Of the round so far. Valid until the next `add`.
    [[nodiscard]] std::span<const sdk::Metric> metrics() const { return {metrics_.data(), count_}; }

    /// Null if there is none.
    [[nodiscard]] const sdk::Metric *find(std::string_view name) const;

    /// The first that is NaN or infinite; null if all are numbers.
    [[nodiscard]] const sdk::Metric *find_not_finite() const;

  private:
    [[nodiscard]] bool matches(std::string_view stored, std::string_view name) const;
    void append(std::string_view name);

    std::string_view prefix_;
    std::deque<std::string> names_; // a deque: the metrics' views must stay valid while names are added
    std::vector<sdk::Metric> metrics_;
    std::size_t count_ = 0;
    bool sealed_ = false;
};

} // namespace retort::framework
