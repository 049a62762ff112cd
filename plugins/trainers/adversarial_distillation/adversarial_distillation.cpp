// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/finite.hpp>
#include <retort/sdk/names.hpp>
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/profile.hpp>

#include <algorithm>
#include <cstddef>
#include <plugins/shared/in_part.hpp>
#include <plugins/trainers/adversarial_distillation/adversarial_distillation.hpp>

namespace retort::trainer_adversarial_distillation {

namespace {

/// A teacher that knows examples by their numbers has no answer for all of them.
void check_teacher(const sdk::Model &teacher, const Settings &settings, sdk::Problems &problems) {
    if (!teacher.answers(sdk::Split::train))
        problems.add("/teacher", sdk::in_quotes(settings.teacher.name) +
                                     " has no record of the training examples; allowed: teachers that have one, or "
                                     "that compute");
    if (settings.augmentation.active() && teacher.by_id())
        problems.add("/augmentation", "the teacher " + sdk::in_quotes(settings.teacher.name) +
                                          " has a record of each example as it is, and none of it moved; allowed: a "
                                          "shift, rotation and scale of 0");
}

} // namespace

AdversarialDistillation::AdversarialDistillation(const Settings &settings, const sdk::TrainerContext &context)
    : settings_(settings), services_(context.services), random_(context.random),
      teacher_(context.parts.model(settings.teacher.name), random_.at("teacher")),
      student_(context.parts.model(settings.student.name)),
      batches_(context.parts.dataset(settings.data.name), sdk::Split::train, settings.batch, settings.augmentation,
               context.parts.dataset_random(settings.data.name), services_),
      fresh_batches_(context.parts.dataset(settings.data.name), sdk::Split::train, settings.batch,
                     settings.augmentation, context.parts.dataset_random(settings.data.name).at("fresh"), services_),
      evaluations_(student_, context.parts.dataset(settings.data.name)), telemetry_(settings.telemetry_every),
      alarms_(settings.alarms, settings.on_alarm, student_) {
    const sdk::Dataset &dataset = context.parts.dataset(settings.data.name);
    sdk::check_batches(dataset, settings.augmentation, context.problems);
    sdk::check_classes(student_, settings.student.name, dataset, "/student", context.problems);
    if (settings.teacher.name == settings.student.name)
        context.problems.add("/student", "teacher and student are both " + sdk::in_quotes(settings.student.name) +
                                             "; they must be two models");
    check_teacher(teacher_.model(), settings, context.problems);
    check_window(settings.alarms, settings.on_alarm, steps(), services_);
    parts_ = assemble(settings, teacher_.model(), student_, dataset, context);
    optimizer_ = sdk::build_or_report(settings.optimizer,
                                      {{services_, context.problems, random_.at("optimizer")}, batches_.size()});
    attach_optimizer();
    watch_terms();
}

void AdversarialDistillation::watch_terms() {
    for (const LossTerm &loss : parts_.losses)
        telemetry_.add_loss(loss.name());
    for (const Adversary &adversary : parts_.adversaries) {
        const AdversaryParts &parts = adversary.parts();
        telemetry_.add_adversary(parts.name);
        alarms_.add_adversary(parts.name, parts_.pairs[parts.pair].teacher_head->space().width);
    }
}

void AdversarialDistillation::attach_optimizer() {
    std::vector<sdk::Parameters> arenas{student_.parameters()};
    for (const Pair &pair : parts_.pairs)
        if (pair.used && pair.trains_head())
            arenas.push_back(pair.student_head->parameters());
    if (optimizer_)
        optimizer_->attach(arenas);
}

void AdversarialDistillation::prepare(bool restored) {
    prepare_heads(!restored);
    const std::vector<TeacherOutput> heads = want_outputs();
    prepare_teacher(restored ? std::span<const TeacherOutput>() : heads);
    telemetry_.prepare(student_.parameters().values.size());
    if (!restored)
        alarms_.begin();
    if (!services_.cancelled())
        make_passes(!restored);
}

void AdversarialDistillation::prepare_heads(bool initialise) {
    for (Pair &pair : parts_.pairs) {
        if (!pair.used || !pair.trains_head())
            continue;
        if (initialise)
            pair.student_head->initialise(random_.at("pairs").at(pair.name).at("student").at("initialise"));
        pair.student_head->parameters_changed(sdk::Change::restore);
    }
}

void AdversarialDistillation::prepare_teacher(std::span<const TeacherOutput> unfitted) {
    teacher_.fit(unfitted, batches_, services_);
    if (!settings_.augmentation.active())
        teacher_.cache(settings_.teacher_cache * 0x100000, batches_, services_);
}

std::vector<TeacherOutput> AdversarialDistillation::want_outputs() {
    std::vector<TeacherOutput> heads;
    for (Pair &pair : parts_.pairs) {
        if (!pair.used)
            continue;
        pair.teacher_output = teacher_.want({pair.teacher_tap, nullptr, true});
        heads.push_back({pair.teacher_tap, pair.teacher_head.get()});
        if (!pair.conditioned)
            continue;
        heads.push_back({pair.condition_tap, pair.condition_head.get()});
        pair.condition_output = teacher_.want(heads.back());
    }
    for (LossTerm &loss : parts_.losses)
        if (loss.parts().loss->on() == sdk::Loss::On::logits)
            loss.parts().teacher_logits = teacher_.want({teacher_.model().taps().size() - 1, nullptr});
    return heads;
}

void AdversarialDistillation::make_passes(bool initialise) {
    const std::size_t rows = batches_.share_rows();
    const std::size_t tail_rows = batches_.share_tail_rows();
    forward_ = std::make_unique<Forward>(teacher_, student_, parts_.pairs, rows, tail_rows, true);
    fresh_.reset();
    rounds_ = 0;
    for (Adversary &adversary : parts_.adversaries) {
        const std::size_t width = student_.taps()[adversary.parts().student_tap].width;
        adversary.prepare(rows, tail_rows, width, initialise, random_.at("adversaries").at(adversary.parts().name));
        rounds_ = std::max(rounds_, adversary.parts().discriminator_steps);
        if (!fresh_ && adversary.wants_fresh(1))
            fresh_ = std::make_unique<Forward>(teacher_, student_, parts_.pairs, rows, tail_rows, false);
    }
    for (LossTerm &loss : parts_.losses) {
        const bool paired = loss.parts().loss->on() == sdk::Loss::On::distributions;
        const std::size_t space = paired ? parts_.pairs[loss.parts().pair].teacher_head->space().width : 0;
        loss.prepare(rows, student_.taps()[loss.parts().tap].width, space);
    }
    gradients_.reserve(parts_.adversaries.size() + parts_.losses.size());
}

void AdversarialDistillation::step(std::uint64_t k, sdk::Metrics &metrics) {
    const sdk::Progress progress{k, steps()};
    const sdk::Random random = random_.at("step").at(k);
    forward_->run(batches_.at(k), random, services_);
    step_discriminators(k, progress, random);
    student_gradients(progress, random);
    const double loss = sum_over_replicas(progress);
    watch(progress);
    step_student(progress, random);

    const sdk::Phase phase(services_, "metrics");
    means_.add(loss, correct_, forward_->share());
    metrics.add("loss", loss);
    for (const LossTerm &term : parts_.losses)
        term.report(metrics);
    for (const Adversary &adversary : parts_.adversaries)
        adversary.report(metrics);
    telemetry_.report(metrics);
}

void AdversarialDistillation::step_discriminators(std::uint64_t k, sdk::Progress progress, sdk::Random random) {
    for (std::uint64_t round = 0; round < rounds_; ++round) {
        const bool fresh = run_fresh(k, round, random.at("fresh").at(round));
        for (Adversary &adversary : parts_.adversaries) {
            if (!adversary.plays(round))
                continue;
            Forward &forward = fresh && adversary.wants_fresh(round) ? *fresh_ : *forward_;
            const sdk::Random stream = random.at("adversaries").at(adversary.parts().name);
            adversary.learn(forward, progress, stream.at("learn").at(round), services_);
        }
    }
}

bool AdversarialDistillation::run_fresh(std::uint64_t k, std::uint64_t round, sdk::Random random) {
    const auto wants = [&](const Adversary &adversary) { return adversary.wants_fresh(round); };
    if (std::none_of(parts_.adversaries.begin(), parts_.adversaries.end(), wants))
        return false;
    fresh_->run(fresh_batches_.at(k * (rounds_ - 1) + round - 1), random, services_);
    return true;
}

void AdversarialDistillation::student_gradients(sdk::Progress progress, sdk::Random random) {
    gradients_.clear();
    correct_ = 0.0;
    if (forward_->rows() > 0)
        loss_gradients(progress);
    for (Adversary &adversary : parts_.adversaries)
        adversary.measure(gradients_);
    if (forward_->rows() == 0)
        return;
    for (Adversary &adversary : parts_.adversaries) {
        const sdk::Random stream = random.at("adversaries").at(adversary.parts().name);
        gradients_.push_back(adversary.fool(*forward_, progress, stream.at("fool"), services_));
    }
}

void AdversarialDistillation::loss_gradients(sdk::Progress progress) {
    correct_ = sdk::count_correct(forward_->logits(), forward_->batch().labels);
    for (LossTerm &term : parts_.losses) {
        const sdk::Phase phase(services_, "losses");
        gradients_.push_back(term.evaluate(*forward_, progress));
        check_loss(term.parts().name, term.weighted_loss(progress));
    }
}

/// What a step reports becomes that of the whole batch; returns the loss.
double AdversarialDistillation::sum_over_replicas(sdk::Progress progress) {
    sums_.clear();
    sums_.count(correct_);
    for (LossTerm &term : parts_.losses)
        term.gather(forward_->share(), sums_);
    for (Adversary &adversary : parts_.adversaries)
        adversary.gather(forward_->share(), sums_);
    alarms_.measure(*forward_, sums_);
    sums_.sum(services_);
    double loss = 0.0;
    for (const LossTerm &term : parts_.losses)
        loss += term.weighted_loss(progress);
    for (Adversary &adversary : parts_.adversaries) {
        loss += adversary.weighted_loss(progress);
        adversary.settle(progress);
    }
    return loss;
}

void AdversarialDistillation::check_loss(std::string_view name, double value) const {
    const sdk::Suspect before[] = {{"the inputs", forward_->batch().inputs}};
    const sdk::Suspect after[] = {{"the student's logits", forward_->logits()}};
    sdk::check_loss(name, value, "model", settings_.student.name, student_.parameters(), before, after);
}

/// Before the student's update, which an alarm may forestall; its gradients are made anew afterwards.
void AdversarialDistillation::watch(sdk::Progress progress) {
    const sdk::Phase phase(services_, "telemetry");
    const bool due = telemetry_.due(progress.step);
    if (due)
        telemetry_.measure(*forward_, student_.parameters(), parts_.losses, gradients_, progress, services_);
    alarms_.watch(parts_.adversaries, due ? &telemetry_ : nullptr, progress, services_);
}

/// The gradients of the student and its heads: this replica's part, which is none where it has no rows.
void AdversarialDistillation::run_backward() {
    if (forward_->rows() > 0)
        return forward_->backward(gradients_);
    std::ranges::fill(student_.parameters().gradients, 0.0F);
    for (const Pair &pair : parts_.pairs)
        if (pair.used && pair.trains_head())
            std::ranges::fill(pair.student_head->parameters().gradients, 0.0F);
}

void AdversarialDistillation::step_student(sdk::Progress progress, sdk::Random random) {
    sdk::in_phase(services_, "student backward", [&] { run_backward(); });
    sum_gradients();
    const sdk::Phase phase(services_, "optimizer");
    plugin_support::in_part("/optimizer", [&] { optimizer_->step(progress, random.at("optimizer")); });
    student_.parameters_changed(sdk::Change::step);
    for (const Pair &pair : parts_.pairs)
        if (pair.used && pair.trains_head())
            pair.student_head->parameters_changed(sdk::Change::step);
}

/// Sums and checks the gradients of the student and of its heads.
void AdversarialDistillation::sum_gradients() {
    const sdk::Phase phase(services_, "checks");
    services_.sum_over_replicas(student_.parameters().gradients);
    sdk::check_gradients("model", settings_.student.name, student_.parameters(), services_);
    for (const Pair &pair : parts_.pairs)
        if (pair.used && pair.trains_head()) {
            services_.sum_over_replicas(pair.student_head->parameters().gradients);
            sdk::check_gradients("student head of pair", pair.name, pair.student_head->parameters(), services_);
        }
}

void AdversarialDistillation::visit_state(sdk::StateVisitor &visitor) {
    visitor.child("optimizer", *optimizer_);
    for (Pair &pair : parts_.pairs) {
        if (!pair.used)
            continue;
        visitor.child("pairs." + pair.name + ".teacher_head", *pair.teacher_head);
        visitor.child("pairs." + pair.name + ".student_head", *pair.student_head);
        if (pair.conditioned)
            visitor.child("pairs." + pair.name + ".condition", *pair.condition_head);
    }
    for (Adversary &adversary : parts_.adversaries)
        adversary.visit_state(visitor);
    for (LossTerm &loss : parts_.losses)
        loss.visit_state(visitor);
    means_.visit_state(visitor);
    telemetry_.visit_state(visitor);
    alarms_.visit_state(visitor);
}

} // namespace retort::trainer_adversarial_distillation

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Trainer, retort::trainer_adversarial_distillation::AdversarialDistillation>(
        "adversarial_distillation", "Distils a teacher into a student through discriminators and losses.");
}
