// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "components.hpp"
#include "stage_loop.hpp"

#include <retort/framework/run.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// Name of the dataset that `model`, one of the plan's, was built for.
[[nodiscard]] const std::string &data_of(const Plan &plan, std::string_view model);

/// Fills in what `report.model`, as it is now, does on a split of `report.data`.
void measure(Report &report, Components &components, sdk::Split split);

/// Evaluates every trained model's weights, every loaded model, and every model without weights of its own (an
/// ensemble with the last weights of its members, "last"; a record, "none") on the test split of its dataset: the only
/// reader of test data. A model whose dataset has no test split, or that does not answer for it, is left out.
class FinalReport {
  public:
    /// All must outlive this.
    FinalReport(const Plan &plan, Components &components, std::span<StageRecord> stages);

    /// Evaluates the next set of weights. False when all are done. Afterwards every model has its own weights again.
    bool step();

    [[nodiscard]] const std::vector<Report> &reports() const { return reports_; }

    [[nodiscard]] std::size_t total() const { return jobs_.size(); }

  private:
    struct Job {
        Report report;           ///< as far as it is known beforehand
        std::span<float> values; ///< empty: those that the model has
    };

    void add(Report report, std::span<float> values);
    void add_fixed(const PlannedModel &model);
    void evaluate(const Job &job);
    void exchange(const Job &job);

    Components &components_;
    std::vector<Job> jobs_;
    std::vector<Report> reports_;
};

} // namespace retort::framework
