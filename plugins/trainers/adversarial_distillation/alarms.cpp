// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <plugins/trainers/adversarial_distillation/alarms.hpp>

namespace retort::trainer_adversarial_distillation {

void check_window(const AlarmSettings &settings, OnAlarm action, std::uint64_t steps, sdk::Services &services) {
    if (action == OnAlarm::stop && settings.window > steps)
        services.warn("/alarms/window is " + std::to_string(settings.window) + " and the stage has " +
                      std::to_string(steps) + " steps: none of them is judged, and no alarm can stop it");
}

Alarms::Alarms(const AlarmSettings &settings, OnAlarm action, sdk::Model &student)
    : settings_(settings), action_(action), student_(student), student_watch_(student.taps().back().width, settings) {
    if (stops())
        kept_.resize(student.parameters().values.size());
}

void Alarms::add_adversary(const std::string &name, std::size_t width) {
    names_.push_back(name);
    adversaries_.emplace_back(name, width, settings_);
}

void Alarms::begin() {
    keep(0);
}

void Alarms::keep(std::uint64_t steps) {
    if (!stops())
        return;
    std::ranges::copy(student_.parameters().values, kept_.begin());
    kept_steps_ = steps;
}

void Alarms::measure(const Forward &forward, sdk::ReplicaSums &sums) {
    if (!on())
        return;
    const bool has_rows = forward.rows() > 0;
    student_watch_.measure(has_rows ? forward.logits() : sdk::ConstMatrix{}, forward.batch().labels);
    student_watch_.gather(sums);
}

void Alarms::watch(std::span<const Adversary> adversaries, const Telemetry *measured, sdk::Progress progress,
                   sdk::Services &services) {
    if (!on())
        return;
    student_watch_.settle();
    for (std::size_t i = 0; i < adversaries.size(); ++i) {
        adversaries_[i].add(adversaries[i].play(), adversaries[i].samples(), services);
        if (measured != nullptr)
            adversaries_[i].add_norms(measured->adversary_norm(i), adversaries[i].settled_strength(progress),
                                      measured->reference_norm());
    }
    if ((progress.step + 1) % settings_.window == 0)
        judge(progress, services);
}

void Alarms::judge(sdk::Progress progress, sdk::Services &services) {
    Bell bell(services, progress.step + 2 - settings_.window, progress.step + 1);
    student_watch_.judge(bell);
    for (AdversaryWatch &adversary : adversaries_)
        adversary.judge(bell);
    if (!bell.any())
        keep(progress.step);
    else if (stops())
        stop(bell.first_alarm());
}

void Alarms::stop(const std::string &alarm) {
    std::ranges::copy(kept_, student_.parameters().values.begin());
    student_.parameters_changed(sdk::Change::restore);
    throw sdk::Error(sdk::ErrorKind::training, "alarm: " + alarm + "; the student has its weights of after step " +
                                                   std::to_string(kept_steps_) + " again; stopped");
}

void Alarms::visit_state(sdk::StateVisitor &visitor) {
    if (!on())
        return;
    student_watch_.visit_state(visitor, "alarms.student");
    for (std::size_t i = 0; i < adversaries_.size(); ++i)
        adversaries_[i].visit_state(visitor, "alarms.adversaries." + names_[i]);
    if (!stops())
        return;
    visitor.array("alarms.kept", std::span(kept_));
    visitor.value("alarms.kept_steps", kept_steps_);
}

} // namespace retort::trainer_adversarial_distillation
