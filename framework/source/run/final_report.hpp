// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../components/components.hpp"
#include "../support/run_log.hpp"
#include "run_directory.hpp"
#include "stage_loop.hpp"

#include <retort/framework/run.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// Evaluates every trained model's weights, every loaded model, and every model without weights of its own (an
/// ensemble with the last weights of its members, "last"; a record, "none") on the test split of its dataset: the only
/// reader of test data. A model whose dataset has no test split, or that does not answer for it, is left out. Writes
/// for each set of weights, by the name of its file, `report/student.last.reliability.csv` and, if the plan asks for
/// it, `report/student.last.predictions.csv`.
class FinalReport {
  public:
    /// All must outlive this.
    FinalReport(const Plan &plan, Components &components, std::span<StageRecord> stages, RunDirectory &directory,
                RunLog &log);

    /// Evaluates the next set of weights. False when all are done. Afterwards every model has its own weights again.
    bool step();

    [[nodiscard]] const std::vector<Report> &reports() const { return reports_; }

    [[nodiscard]] std::size_t total() const { return jobs_.size(); }

  private:
    struct Job {
        Report report;           ///< as far as it is known beforehand
        std::span<float> values; ///< empty: those that the model has
        std::string name;        ///< of the weights' file, without its ending
    };

    void add(Report report, std::span<float> values, std::string name);
    void add_fixed(const PlannedModel &model);
    void evaluate(const Job &job);
    void measure_and_write(Report &report, const std::string &name);
    void exchange(const Job &job);
    void tell_of_no_temperature(const Report &report, const std::string &name);

    const Plan &plan_;
    Components &components_;
    RunDirectory &directory_;
    RunLog &log_;
    std::vector<Job> jobs_;
    std::vector<Report> reports_;
};

} // namespace retort::framework
