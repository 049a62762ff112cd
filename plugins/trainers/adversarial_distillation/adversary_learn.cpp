// SPDX-License-Identifier: Apache-2.0
// The discriminator's step.
#include <retort/sdk/finite.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/trainers/adversarial_distillation/accuracy.hpp>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <span>

namespace retort::trainer_adversarial_distillation {

void Adversary::learn(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services) {
    const sdk::Phase phase(services, learn_phase_);
    learned_rows_ = forward.rows();
    learned_share_ = forward.share().rows;
    learned_labels_ = forward.share().labelled;
    if (forward.rows() > 0)
        learn_gradient(forward, progress, random, services);
    else
        std::ranges::fill(parts_.discriminator->parameters().gradients, 0.0F);
    if (parts_.until_accuracy > 0.0)
        share_accuracy(forward.rows(), services);
    step_discriminator(progress, random, services);
    ++steps_;
}

bool Adversary::plays(std::uint64_t round) const {
    const bool satisfied = round > 0 && parts_.until_accuracy > 0.0 && values_[accuracy] >= parts_.until_accuracy;
    return round < parts_.discriminator_steps && !satisfied;
}

/// All replicas decide alike whether there is another step, and as one process would: they exchange counts, which are
/// exact.
void Adversary::share_accuracy(std::size_t rows, sdk::Services &services) {
    if (services.replicas() == 1)
        return;
    const auto count = static_cast<double>(rows);
    double sums[] = {std::round(4.0 * count * values_[accuracy]) / 4.0, count};
    services.sum_over_replicas(std::span<double>(sums));
    values_[accuracy] = sums[0] / sums[1];
}

/// This replica's part of the gradient of the discriminator's loss.
void Adversary::learn_gradient(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services) {
    const std::size_t rows = forward.rows();
    PairPass &pair = forward.pair(parts_.pair);
    sdk::in_phase(services, "samples", [&] {
        pair.teacher().sample(learn_->input().slice(0, rows), random.at("teacher"), progress);
        pair.student().sample(learn_->input().slice(rows, rows), random.at("student"), progress);
    });
    in_discriminator(services, "forward",
                     [&] { learn_->forward(2 * rows, forward.condition(parts_.pair), random.at("noise"), progress); });

    const std::span<const float> scores = learn_->scores();
    const std::span<float> gradients(score_gradients_.data(), 2 * rows);
    values_[discriminator_loss] = in_objective(services, [&] {
        return parts_.objective->discriminator_loss(scores.first(rows), scores.subspan(rows, rows),
                                                    gradients.first(rows), gradients.subspan(rows), progress);
    });
    check_loss(discriminator_loss, learn_->input().slice(0, 2 * rows), scores);
    values_[d_teacher] = mean(scores.first(rows));
    values_[d_student] = mean(scores.subspan(rows, rows));
    take_moments(scores);
    values_[accuracy] = accuracy_of(*parts_.objective, scores.first(rows), scores.subspan(rows, rows));
    for (float &gradient : gradients)
        gradient *= static_cast<float>(learned_share_);
    values_[discriminator_class_loss] = class_term_.evaluate(
        learn_->class_logits(), forward.batch().labels, 0, parts_.class_weight.at(progress) * forward.share().labelled);
    check_loss(discriminator_class_loss, learn_->input().slice(0, 2 * rows), scores);
    in_discriminator(services, "backward",
                     [&] { learn_->backward(gradients, class_term_.gradient(2 * rows), sdk::Write::replace); });
    values_[penalty] = 0.0;
    if (penalty_.wanted())
        penalise(forward, progress, random.at("penalty"), services);
}

void Adversary::take_moments(std::span<const float> scores) {
    score_mean_ = score_square_ = 0.0;
    for (const float score : scores) {
        score_mean_ += static_cast<double>(score);
        score_square_ += static_cast<double>(score) * static_cast<double>(score);
    }
    score_mean_ /= static_cast<double>(scores.size());
    score_square_ /= static_cast<double>(scores.size());
}

/// Adds this replica's part of the gradient of the objective's penalty, at or between the samples of the last forward.
void Adversary::penalise(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services) {
    const sdk::Phase phase(services, "penalty");
    const std::size_t rows = forward.rows();
    const sdk::Matrix samples = learn_->input();
    const std::span<const float> norms = in_discriminator(services, "forward", [&] {
        return penalty_.squared_norms(samples.slice(0, rows), samples.slice(rows, rows), forward.condition(parts_.pair),
                                      random, progress);
    });
    values_[penalty] =
        in_objective(services, [&] { return parts_.objective->penalty(norms, penalty_.slopes(), progress); });
    check_loss(penalty, penalty_.points(), penalty_.scores());
    in_discriminator(services, "backward", [&] { penalty_.add_gradient(learned_share_); });
}

void Adversary::step_discriminator(sdk::Progress progress, sdk::Random random, sdk::Services &services) {
    sdk::in_phase(services, "checks", [&] {
        services.sum_over_replicas(parts_.discriminator->parameters().gradients);
        sdk::check_gradients("discriminator of adversary", parts_.name, parts_.discriminator->parameters(), services);
    });
    const sdk::Phase phase(services, "optimizer");
    plugin_support::in_part(optimizer_pointer_, [&] { parts_.optimizer->step(progress, random.at("optimizer")); });
    plugin_support::in_part(discriminator_pointer_,
                            [&] { parts_.discriminator->parameters_changed(sdk::Change::step); });
}

} // namespace retort::trainer_adversarial_distillation
