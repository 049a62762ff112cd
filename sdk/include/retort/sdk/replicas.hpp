// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batch.hpp>
#include <retort/sdk/services.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

// What a trainer needs to be one of several replicas that train as one would: Trainer::shares_batches.
namespace retort::sdk {

/// How much of the batch of all replicas is this one's.
struct BatchShare {
    double rows = 1.0;     ///< its part of the rows: a mean over its rows, times this, is its part of the mean over all
    double labelled = 1.0; ///< its part of the labelled rows, likewise; where there are none, of all rows
    double all_rows = 0.0; ///< of all replicas
    double all_labelled = 0.0; ///< likewise
};

/// Of this replica's `batch`. Exchanges with the others. One process has all: 1 and 1. [training thread]
[[nodiscard]] inline BatchShare share_of(const Batch &batch, Services &services) {
    const auto is_labelled = [](std::int32_t label) { return label >= 0; };
    const auto rows = static_cast<double>(batch.inputs.rows);
    const auto labelled = static_cast<double>(std::count_if(batch.labels.begin(), batch.labels.end(), is_labelled));
    double all[] = {rows, labelled};
    services.sum_over_replicas(std::span<double>(all));
    const double part = all[0] > 0.0 ? rows / all[0] : 1.0;
    return {part, all[1] > 0.0 ? labelled / all[1] : part, all[0], all[1]};
}

/// Numbers of a step that become those of the whole batch, all in one exchange. With one process they are that already
/// and stay as they are.
class ReplicaSums {
  public:
    /// Forgets what was to be summed.
    void clear() { items_.clear(); }

    /// A mean over rows, of which this replica has the part `share`.
    void mean(double &value, double share) { items_.push_back({&value, share, false}); }

    /// The Euclidean norm of a matrix of which every replica has some rows, this one the part `share`.
    void norm(double &value, double share) { items_.push_back({&value, share > 0.0 ? 1.0 : 0.0, true}); }

    void count(double &value) { items_.push_back({&value, 1.0, false}); }

    /// [training thread]
    void sum(Services &services) {
        if (services.replicas() == 1)
            return;
        values_.clear();
        for (const Item &item : items_)
            values_.push_back(item.factor * (item.squared ? *item.value * *item.value : *item.value));
        services.sum_over_replicas(std::span<double>(values_));
        for (std::size_t i = 0; i < items_.size(); ++i)
            *items_[i].value = items_[i].squared ? std::sqrt(values_[i]) : values_[i];
    }

  private:
    struct Item {
        double *value;
        double factor;
        bool squared;
    };

    std::vector<Item> items_;
    std::vector<double> values_;
};

} // namespace retort::sdk
