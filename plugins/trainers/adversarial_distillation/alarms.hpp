// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/schedule.hpp>

#include <cstddef>
#include <cstdint>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <plugins/trainers/adversarial_distillation/adversary_watch.hpp>
#include <plugins/trainers/adversarial_distillation/alarm_settings.hpp>
#include <plugins/trainers/adversarial_distillation/forward.hpp>
#include <plugins/trainers/adversarial_distillation/student_watch.hpp>
#include <plugins/trainers/adversarial_distillation/telemetry.hpp>
#include <span>
#include <string>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// Warns who wants a stage of so many steps to be stopped, and has a window that none of them would fill.
void check_window(const AlarmSettings &settings, OnAlarm action, std::uint64_t steps, sdk::Services &services);

/// Watches the adversaries and the student over windows of `AlarmSettings::window` steps, and tells of what is wrong at
/// their ends by an event "alarm", once until it has cleared. With OnAlarm::stop it keeps the weights that the student
/// had at the end of the last window in which nothing was wrong, at first the initial ones.
class Alarms {
  public:
    Alarms(const AlarmSettings &settings, OnAlarm action, sdk::Model &student);

    /// In the order in which `watch` is given them; `width`: of its samples.
    void add_adversary(const std::string &name, std::size_t width);

    /// The adversary that was added at `index` has another discriminator or objective from now on.
    void restart_adversary(std::size_t index) { adversaries_[index].restart(); }

    /// Before the first step of a stage that was not restored.
    void begin();

    /// In each step, of a replica without rows too: the student's logits, which become those of the whole batch when
    /// `sums` are summed.
    void measure(const Forward &forward, sdk::ReplicaSums &sums);

    /// In each step, after the sums and before the student's update; `measured`: this step's telemetry, null where
    /// there is none. Errors: ErrorKind::training where an alarm is to stop the stage; the student then has the kept
    /// weights again.
    void watch(std::span<const Adversary> adversaries, const Telemetry *measured, sdk::Progress progress,
               sdk::Services &services);

    void visit_state(sdk::StateVisitor &visitor);

  private:
    [[nodiscard]] bool on() const { return settings_.window > 0; }
    [[nodiscard]] bool stops() const { return on() && action_ == OnAlarm::stop; }
    void judge(sdk::Progress progress, sdk::Services &services);
    void keep(std::uint64_t steps);
    [[noreturn]] void stop(const std::string &alarm);

    AlarmSettings settings_;
    OnAlarm action_;
    sdk::Model &student_;
    StudentWatch student_watch_;
    std::vector<std::string> names_;
    std::vector<AdversaryWatch> adversaries_;
    std::vector<float> kept_;      // weights; empty: they are not wanted
    std::uint64_t kept_steps_ = 0; // how many updates they have had
};

} // namespace retort::trainer_adversarial_distillation
