// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/training.hpp>

#include <plugins/shared/in_part.hpp>
#include <plugins/trainers/adversarial_distillation/loss_term.hpp>
#include <utility>

namespace retort::trainer_adversarial_distillation {

LossTerm::LossTerm(LossParts parts) : parts_(std::move(parts)), norm_name_(parts_.name + ".gradient_norm") {}

void LossTerm::prepare(std::size_t rows, std::size_t tap_width, std::size_t space_width) {
    gradient_ = sdk::MatrixBuffer(rows, tap_width);
    for (sdk::MatrixBuffer &buffer : parameter_gradients_)
        buffer = sdk::MatrixBuffer(rows, space_width);
}

/// A loss on labels is a mean over the labelled rows, the others over all.
double LossTerm::part_of(const sdk::BatchShare &share) const {
    return parts_.loss->on() == sdk::Loss::On::labels ? share.labelled : share.rows;
}

sdk::TapGradient LossTerm::evaluate(Forward &forward, sdk::Progress progress) {
    const double weight = parts_.weight.at(progress) * part_of(forward.share());
    const sdk::Matrix gradient = gradient_.view(forward.rows());
    loss_ = parts_.loss->on() == sdk::Loss::On::distributions
                ? on_distributions(forward, static_cast<float>(weight), gradient, progress)
                : on_logits(forward, static_cast<float>(weight), gradient, progress);
    norm_ = sdk::norm(gradient);
    return {parts_.tap, gradient};
}

void LossTerm::gather(const sdk::BatchShare &share, sdk::ReplicaSums &sums) {
    sums.mean(loss_, part_of(share));
    sums.norm(norm_, share.rows);
}

double LossTerm::on_logits(Forward &forward, float weight, sdk::Matrix gradient, sdk::Progress progress) {
    sdk::LossInput input;
    input.labels = forward.batch().labels;
    input.student = forward.logits();
    if (parts_.loss->on() == sdk::Loss::On::logits)
        input.teacher = forward.teacher_output(parts_.teacher_logits);
    sdk::fill(gradient, 0.0F);
    return plugin_support::in_part(parts_.pointer, [&] {
        return parts_.loss->evaluate(input, weight, {gradient, {}}, progress);
    });
}

double LossTerm::on_distributions(Forward &forward, float weight, sdk::Matrix gradient, sdk::Progress progress) {
    PairPass &pair = forward.pair(parts_.pair);
    sdk::LossInput input;
    input.labels = forward.batch().labels;
    input.q_student = pair.student().distribution();
    input.q_teacher = pair.teacher().distribution();
    sdk::LossGradient wanted;
    sdk::HeadGradient known;
    for (std::size_t i = 0; i < 2; ++i) {
        if (input.q_student.parameters[i].empty())
            continue;
        wanted.q_student[i] = parameter_gradients_[i].view(forward.rows());
        sdk::fill(wanted.q_student[i], 0.0F);
        known.parameters[i] = wanted.q_student[i];
    }
    const double loss =
        plugin_support::in_part(parts_.pointer, [&] { return parts_.loss->evaluate(input, weight, wanted, progress); });
    pair.backward(known, gradient);
    return loss;
}

void LossTerm::report(sdk::Metrics &metrics) const {
    metrics.add(parts_.name, loss_);
    metrics.add(norm_name_, norm_);
}

void LossTerm::visit_state(sdk::StateVisitor &visitor) {
    visitor.child("losses." + parts_.name, *parts_.loss);
}

} // namespace retort::trainer_adversarial_distillation
