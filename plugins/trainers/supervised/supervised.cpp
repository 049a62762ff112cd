// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/finite.hpp>
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/profile.hpp>

#include <algorithm>
#include <plugins/shared/in_part.hpp>
#include <plugins/trainers/supervised/supervised.hpp>
#include <span>

namespace retort::trainer_supervised {

Supervised::Supervised(const Settings &settings, const sdk::TrainerContext &context)
    : settings_(settings), services_(context.services), random_(context.random),
      model_(context.parts.model(settings.model.name)), dataset_(context.parts.dataset(settings.data.name)),
      logits_(model_.taps().size() - 1), batches_(dataset_, sdk::Split::train, settings.batch, settings.augmentation,
                                                  context.parts.dataset_random(settings.data.name), services_),
      evaluations_(model_, dataset_) {
    sdk::check_batches(dataset_, settings.augmentation, context.problems);
    sdk::check_classes(model_, settings.model.name, dataset_, "/model", context.problems);
    build_terms(context);
    optimizer_ = sdk::build_or_report(settings.optimizer,
                                      {{services_, context.problems, random_.at("optimizer")}, batches_.size()});
    if (const sdk::Parameters parameters = model_.parameters(); optimizer_)
        optimizer_->attach({&parameters, 1});
    if (settings.samples)
        samples_ = Samples(*settings.samples, model_, settings.model.name, steps(), context);
}

void Supervised::build_terms(const sdk::TrainerContext &context) {
    if (settings_.losses.empty())
        context.problems.add("/losses", "there is no loss, so nothing would be trained; allowed: at least one");
    std::vector<std::string> names{"loss"};
    for (std::size_t i = 0; i < settings_.losses.size(); ++i) {
        const LossSettings &settings = settings_.losses[i];
        const sdk::Random random = random_.at("losses").at(i);
        auto loss =
            sdk::build_or_report(settings.loss, {{services_, context.problems, random}, dataset_.classes(), {}, {}});
        if (loss && loss->on() != sdk::Loss::On::labels)
            context.problems.add(
                "/losses/" + std::to_string(i) + "/type",
                "\"" + settings.loss.type +
                    "\" compares with a teacher, and this trainer has none; allowed: losses on labels");
        names.push_back(sdk::unique_name(settings.loss.type, names));
        terms_.push_back({names.back(), "/losses/" + std::to_string(i), std::move(loss), settings.weight, 0.0});
    }
}

void Supervised::prepare(bool) {
    const std::size_t taps[] = {logits_};
    const std::size_t rows = batches_.share_rows();
    pass_ = model_.make_pass({sdk::Mode::train, rows, batches_.share_tail_rows(), true, false, taps});
    gradient_ = sdk::MatrixBuffer(rows, model_.taps()[logits_].width);
}

void Supervised::step(std::uint64_t k, sdk::Metrics &metrics) {
    const sdk::Progress progress{k, steps()};
    const sdk::Random random = random_.at("step").at(k);
    const sdk::Batch batch = batches_.at(k);
    share_ = sdk::share_of(batch, services_);
    run(batch, progress, random.at("student"));
    report(sum_over_replicas(progress), metrics);
    sdk::in_phase(services_, "checks", [&] {
        services_.sum_over_replicas(model_.parameters().gradients);
        sdk::check_gradients("model", settings_.model.name, model_.parameters(), services_);
    });
    const sdk::Phase phase(services_, "optimizer");
    plugin_support::in_part("/optimizer", [&] { optimizer_->step(progress, random.at("optimizer")); });
    model_.parameters_changed(sdk::Change::step);
    samples_.take(k);
}

/// The gradients of the model: this replica's part, which is none where it has no rows.
void Supervised::run(const sdk::Batch &batch, sdk::Progress progress, sdk::Random random) {
    correct_ = 0.0;
    if (batch.inputs.rows == 0) {
        std::ranges::fill(model_.parameters().gradients, 0.0F);
        return;
    }
    sdk::in_phase(services_, "forward", [&] { pass_->forward(batch, random); });
    const sdk::ConstMatrix logits = pass_->tap(logits_);
    const sdk::Matrix gradient = gradient_.view(logits.rows);
    sdk::fill(gradient, 0.0F);
    evaluate_terms({batch.labels, logits, {}, {}, {}}, gradient, progress);
    check_terms(batch.inputs, logits);
    correct_ = sdk::count_correct(logits, batch.labels);
    const sdk::TapGradient gradients[] = {{logits_, gradient}};
    const sdk::Phase phase(services_, "backward");
    pass_->backward(gradients, sdk::Write::replace);
}

/// What a step reports becomes that of the whole batch; returns the loss.
double Supervised::sum_over_replicas(sdk::Progress progress) {
    sums_.clear();
    sums_.count(correct_);
    for (Term &term : terms_)
        sums_.mean(term.value, share_.labelled);
    sums_.sum(services_);
    double loss = 0.0;
    for (const Term &term : terms_)
        loss += term.weight.at(progress) * term.value;
    return loss;
}

void Supervised::report(double loss, sdk::Metrics &metrics) {
    const sdk::Phase phase(services_, "metrics");
    means_.add(loss, correct_, share_);
    metrics.add("loss", loss);
    for (const Term &term : terms_)
        metrics.add(term.name, term.value);
}

void Supervised::evaluate_terms(const sdk::LossInput &input, sdk::Matrix gradient, sdk::Progress progress) {
    const sdk::Phase phase(services_, "losses");
    for (Term &term : terms_) {
        const auto weight = static_cast<float>(term.weight.at(progress) * share_.labelled);
        term.value = plugin_support::in_part(term.pointer, [&] {
            return term.loss->evaluate(input, weight, {gradient, {}}, progress);
        });
    }
}

void Supervised::check_terms(sdk::ConstMatrix inputs, sdk::ConstMatrix logits) const {
    const sdk::Suspect before[] = {{"the inputs", inputs}};
    const sdk::Suspect after[] = {{"the logits", logits}};
    for (const Term &term : terms_)
        sdk::check_loss(term.name, term.value, "model", settings_.model.name, model_.parameters(), before, after);
}

void Supervised::visit_state(sdk::StateVisitor &visitor) {
    visitor.child("optimizer", *optimizer_);
    for (Term &term : terms_)
        visitor.child("losses." + term.name, *term.loss);
    means_.visit_state(visitor);
}

} // namespace retort::trainer_supervised

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Trainer, retort::trainer_supervised::Supervised>("supervised",
                                                                                "Trains one model on labels.");
}
