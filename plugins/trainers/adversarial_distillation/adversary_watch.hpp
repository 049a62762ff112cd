// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <plugins/trainers/adversarial_distillation/alarm_settings.hpp>
#include <plugins/trainers/adversarial_distillation/bell.hpp>
#include <string>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// How far the samples of two sides differ, over any number of batches: for each dimension the squared distance
/// between the normal distributions of their moments (Fréchet's) as a part of what the distance could be,
///   r = ((m_t - m_s)^2 + (d_t - d_s)^2) / ((m_t - m_s)^2 + d_t^2 + d_s^2),
/// and of all the root of their mean. It is 0 where both have the same means and standard deviations, whatever the
/// discriminator is conditioned on, and 1 where a dimension tells them apart at a glance.
class Difference {
  public:
    explicit Difference(std::size_t width) : sums_(4 * width), step_(sums_.size() + 1) {}

    /// `samples`, teacher's rows first, as many of each, are this replica's; all replicas call it.
    void add(sdk::ConstMatrix samples, sdk::Services &services);

    /// 0 where there were none.
    [[nodiscard]] double value() const;

    void clear();

    void visit_state(sdk::StateVisitor &visitor, const std::string &path);

  private:
    double count_ = 0.0;       // rows of one side
    std::vector<double> sums_; // of each dimension: t, t^2, s, s^2
    std::vector<double> step_; // the same of one batch, and its rows
};

/// The alarms of an adversary: its discriminator has won, or is blind, or its gradient has vanished.
class AdversaryWatch {
  public:
    /// `width`: of the samples.
    AdversaryWatch(const std::string &name, std::size_t width, const AlarmSettings &settings);

    /// A step; `samples` as in Difference::add.
    void add(const Play &play, sdk::ConstMatrix samples, sdk::Services &services);

    /// A measurement of gradients with respect to the student's weights: norms of the adversary's, multiplied by
    /// `factor` as it is, and of the losses'.
    void add_norms(double adversary, double factor, double losses);

    /// The window ends. One that `restart` fell into is not judged.
    void judge(Bell &bell);

    /// The game is another one: what was seen of the last one, and its alarms, are forgotten.
    void restart();

    void visit_state(sdk::StateVisitor &visitor, const std::string &path);

  private:
    void judge_won(Bell &bell);
    void judge_blind(Bell &bell);
    void judge_vanished(Bell &bell);
    void clear();
    [[nodiscard]] double mean(double sum) const { return sum / static_cast<double>(steps_); }

    AlarmSettings settings_;
    std::string whose_;
    std::uint64_t steps_ = 0; // of the window, so far
    Play sums_;
    double adversary_norms_ = 0.0;
    double loss_norms_ = 0.0;
    Difference difference_;
    std::uint64_t won_ = 0; // whether the alarm stands
    std::uint64_t blind_ = 0;
    std::uint64_t vanished_ = 0;
};

} // namespace retort::trainer_adversarial_distillation
