// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/finite.hpp>
#include <retort/sdk/profile.hpp>
#include <retort/sdk/training.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/in_part.hpp>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <span>
#include <string_view>
#include <utility>

namespace retort::trainer_adversarial_distillation {

namespace {

constexpr std::string_view suffixes[] = {".d_teacher",
                                         ".d_student",
                                         ".equilibrium",
                                         ".discriminator_loss",
                                         ".student_loss",
                                         ".gradient_norm",
                                         ".accuracy",
                                         ".score_spread",
                                         ".penalty",
                                         ".discriminator_class_loss",
                                         ".student_class_loss",
                                         ".discriminator_steps",
                                         ".balance"};

} // namespace

Adversary::Adversary(AdversaryParts parts)
    : parts_(std::move(parts)), discriminator_pointer_(parts_.pointer + "/discriminator"),
      objective_pointer_(parts_.pointer + "/objective"), optimizer_pointer_(parts_.pointer + "/optimizer"),
      learn_phase_("discriminator " + parts_.name), fool_phase_("adversary " + parts_.name), balance_(parts_.balance) {
    for (std::size_t i = 0; i < reported; ++i)
        names_[i] = parts_.name + std::string(suffixes[i]);
    values_[equilibrium] = parts_.objective->equilibrium();
    attach_optimizer(*parts_.discriminator);
}

void Adversary::attach_optimizer(sdk::Discriminator &discriminator) {
    const sdk::Parameters parameters = discriminator.parameters();
    parts_.optimizer->attach({&parameters, 1});
}

void Adversary::prepare(std::size_t rows, std::size_t tail_rows, std::size_t tap_width, bool initialise,
                        sdk::Random random) {
    if (initialise)
        this->initialise(random);
    const std::size_t sides = parts_.objective->compares_scores() ? 2 : 1;
    plugin_support::in_part(discriminator_pointer_, [&] {
        sdk::Discriminator &discriminator = *parts_.discriminator;
        discriminator.parameters_changed(sdk::Change::restore);
        learn_ = discriminator.make_pass({sdk::Mode::train, 2 * rows, 2 * tail_rows, true, false, {}});
        fool_ = discriminator.make_pass({sdk::Mode::sample, sides * rows, sides * tail_rows, false, true, {}});
        penalty_.prepare(discriminator, parts_.objective->penalty_at(), rows, tail_rows);
    });
    class_term_.prepare(2 * rows, parts_.classes);
    score_gradients_.assign(2 * rows, 0.0F);
    tap_gradient_ = sdk::MatrixBuffer(rows, tap_width);
}

void Adversary::initialise(sdk::Random random) {
    plugin_support::in_part(discriminator_pointer_, [&] { parts_.discriminator->initialise(random.at("initialise")); });
}

void Adversary::exchange(Adversary &other, Renewal what) noexcept {
    std::swap(parts_.lambda, other.parts_.lambda);
    std::swap(parts_.class_weight, other.parts_.class_weight);
    std::swap(parts_.balance, other.parts_.balance);
    std::swap(parts_.discriminator_steps, other.parts_.discriminator_steps);
    std::swap(parts_.until_accuracy, other.parts_.until_accuracy);
    std::swap(parts_.fresh_batches, other.parts_.fresh_batches);
    std::swap(values_[equilibrium], other.values_[equilibrium]);
    std::swap(learn_, other.learn_);
    std::swap(fool_, other.fool_);
    std::swap(penalty_, other.penalty_);
    std::swap(class_term_, other.class_term_);
    balance_.exchange(other.balance_, what.discriminator || what.objective);
    if (what.objective)
        std::swap(parts_.objective, other.parts_.objective);
    if (what.discriminator) {
        std::swap(parts_.discriminator, other.parts_.discriminator);
        std::swap(parts_.classes, other.parts_.classes);
    }
    if (what.discriminator || what.optimizer) // which is attached to its discriminator for good
        std::swap(parts_.optimizer, other.parts_.optimizer);
}

void Adversary::take_optimizer(std::unique_ptr<sdk::Optimizer> optimizer, const Adversary &of) {
    parts_.optimizer = std::move(optimizer);
    plugin_support::in_part(optimizer_pointer_, [&] { attach_optimizer(*of.parts_.discriminator); });
}

sdk::TapGradient Adversary::fool(Forward &forward, sdk::Progress progress, sdk::Random random,
                                 sdk::Services &services) {
    const sdk::Phase phase(services, fool_phase_);
    const std::size_t rows = forward.rows();
    const std::size_t teachers = parts_.objective->compares_scores() ? rows : 0; // rows before the student's
    PairPass &pair = forward.pair(parts_.pair);
    sdk::in_phase(services, "samples", [&] {
        if (teachers > 0)
            pair.teacher().sample(fool_->input().slice(0, rows), random.at("teacher"), progress);
        pair.student().sample(fool_->input().slice(teachers, rows), random.at("student"), progress);
    });
    in_discriminator(services, "forward", [&] {
        fool_->forward(teachers + rows, forward.condition(parts_.pair), random.at("noise"), progress);
    });

    const std::span<const float> scores = fool_->scores();
    const std::span<float> gradients(score_gradients_.data(), teachers + rows);
    std::fill_n(gradients.begin(), teachers, 0.0F);
    const double weight = strength(progress);
    values_[student_loss] = in_objective(services, [&] {
        return parts_.objective->student_loss(scores.first(teachers), scores.subspan(teachers, rows),
                                              static_cast<float>(weight * forward.share().rows),
                                              gradients.subspan(teachers), progress);
    });
    values_[student_class_loss] =
        class_term_.evaluate(fool_->class_logits(), forward.batch().labels, teachers,
                             weight * parts_.class_weight.at(progress) * forward.share().labelled);
    for (const Reported loss : {student_loss, student_class_loss})
        check_loss(loss, fool_->input().slice(0, teachers + rows), scores);

    in_discriminator(services, "backward",
                     [&] { fool_->backward(gradients, class_term_.gradient(teachers + rows), sdk::Write::none); });
    const sdk::Phase heads(services, "heads backward");
    const sdk::Matrix tap_gradient = tap_gradient_.view(rows);
    pair.backward({fool_->input_gradient().slice(teachers, rows), {}, {}}, tap_gradient);
    values_[gradient_norm] = sdk::norm(tap_gradient);
    return {parts_.student_tap, tap_gradient};
}

void Adversary::check_loss(std::size_t loss, sdk::ConstMatrix samples, std::span<const float> scores) const {
    const sdk::Suspect before[] = {{"the samples", samples}};
    const sdk::Suspect after[] = {{"the scores", {scores.data(), 1, scores.size(), scores.size()}}};
    sdk::check_loss(names_[loss], values_[loss], "discriminator of adversary", parts_.name,
                    parts_.discriminator->parameters(), before, after);
}

void Adversary::gather(const sdk::BatchShare &share, sdk::ReplicaSums &sums) {
    for (const std::size_t value : {d_teacher, d_student, discriminator_loss, accuracy, penalty})
        sums.mean(values_[value], learned_share_);
    for (double *moment : {&score_mean_, &score_square_})
        sums.mean(*moment, learned_share_);
    sums.mean(values_[discriminator_class_loss], learned_labels_);
    sums.mean(values_[student_loss], share.rows);
    sums.mean(values_[student_class_loss], share.labelled);
    sums.norm(values_[gradient_norm], share.rows);
    balance_.gather(share, sums);
}

double Adversary::weighted_loss(sdk::Progress progress) const {
    return strength(progress) *
           (values_[student_loss] + parts_.class_weight.at(progress) * values_[student_class_loss]);
}

double Adversary::strength(sdk::Progress progress) const {
    return parts_.lambda.at(progress) * balance_.factor();
}

void Adversary::settle(sdk::Progress progress) {
    values_[score_spread] = std::sqrt(std::max(0.0, score_square_ - score_mean_ * score_mean_));
    values_[balance] = balance_.factor();
    values_[discriminator_steps] = static_cast<double>(std::exchange(steps_, 0));
    balance_.update(values_[gradient_norm], strength(progress));
}

void Adversary::report(sdk::Metrics &metrics) const {
    for (std::size_t i = 0; i < reported; ++i)
        metrics.add(names_[i], values_[i]);
}

void Adversary::visit_state(sdk::StateVisitor &visitor) {
    const std::string path = "adversaries." + parts_.name;
    visitor.child(path + ".discriminator", *parts_.discriminator);
    visitor.child(path + ".objective", *parts_.objective);
    visitor.child(path + ".optimizer", *parts_.optimizer);
    balance_.visit_state(visitor, path + ".balance");
}

double Adversary::mean(std::span<const float> scores) const {
    const bool logits = parts_.objective->score() == sdk::Objective::Score::logit;
    double sum = 0.0;
    for (const float score : scores)
        sum += logits ? 1.0 / (1.0 + std::exp(-static_cast<double>(score))) : static_cast<double>(score);
    return sum / static_cast<double>(scores.size());
}

} // namespace retort::trainer_adversarial_distillation
