// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/replicas.hpp>

#include <cstddef>
#include <cstdint>
#include <plugins/trainers/adversarial_distillation/alarm_settings.hpp>
#include <plugins/trainers/adversarial_distillation/bell.hpp>
#include <span>
#include <string>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// The alarm of a student whose logits have collapsed: they say the same of all inputs, or only one class is predicted.
class StudentWatch {
  public:
    StudentWatch(std::size_t classes, const AlarmSettings &settings);

    /// A step: this replica's rows, which may be none.
    void measure(sdk::ConstMatrix logits, std::span<const std::int32_t> labels);

    /// What was measured becomes that of the whole batch when `sums` are summed.
    void gather(sdk::ReplicaSums &sums);

    /// After the sums: the step becomes part of the window.
    void settle();

    /// The window ends.
    void judge(Bell &bell);

    void visit_state(sdk::StateVisitor &visitor, const std::string &path);

  private:
    /// The rows of one batch: each class's sum of the logits, less their mean in the row, and of the squares of all.
    struct Step {
        std::vector<double> sums;
        double squares = 0.0;
        double rows = 0.0;
        std::vector<double> predicted; ///< rows with each class
        std::vector<double> labelled;
    };

    [[nodiscard]] double spread_of_step() const;

    AlarmSettings settings_;
    Step step_;
    double spreads_ = 0.0;
    std::uint64_t batches_ = 0; // that have a spread
    std::vector<double> predicted_;
    std::vector<double> labelled_;
    std::uint64_t collapsed_ = 0; // whether the alarm stands
};

} // namespace retort::trainer_adversarial_distillation
