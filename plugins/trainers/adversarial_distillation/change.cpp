// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <plugins/trainers/adversarial_distillation/adversarial_distillation.hpp>
#include <plugins/trainers/adversarial_distillation/change.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::trainer_adversarial_distillation {

namespace {

/// "/adversaries/0/lambda/value" at depth 2 is "lambda"; empty beyond the end.
std::string_view token(std::string_view pointer, std::size_t depth) {
    for (; depth > 0 && !pointer.empty(); --depth)
        pointer.remove_prefix(std::min(pointer.find('/', 1), pointer.size()));
    return pointer.empty() ? pointer : pointer.substr(1, pointer.find('/', 1) - 1);
}

bool may_change(std::string_view pointer) {
    constexpr std::string_view of_adversaries[] = {
        "discriminator", "objective",           "optimizer",      "lambda",       "class_weight",
        "balance",       "discriminator_steps", "until_accuracy", "fresh_batches"};
    const std::string_view list = token(pointer, 0);
    const std::string_view setting = token(pointer, 2);
    if (list == "adversaries")
        return std::find(std::begin(of_adversaries), std::end(of_adversaries), setting) != std::end(of_adversaries);
    return list == "losses" && setting == "weight";
}

/// Mistakes were found when the changed trainer was constructed.
class NoProblems final : public sdk::Problems {
  public:
    void report(std::string_view pointer, std::string_view message, std::string_view plugin) override {
        throw sdk::Error(sdk::ErrorKind::settings, std::string(message), std::string(pointer),
                         std::string(plugin).c_str());
    }
};

} // namespace

void check_changes(std::span<const std::string> settings, sdk::Problems &problems) {
    for (const std::string &pointer : settings)
        if (!may_change(pointer))
            problems.add(pointer,
                         "cannot change while the stage runs; allowed: an adversary's discriminator, "
                         "objective, optimizer, lambda, class_weight, balance, discriminator_steps, until_accuracy "
                         "and fresh_batches, and the weight of a loss");
}

Renewal renewal_of(std::span<const std::string> settings, std::size_t index) {
    const auto changes = [&](std::string_view part) {
        return std::any_of(settings.begin(), settings.end(), [&](std::string_view pointer) {
            return token(pointer, 0) == "adversaries" && token(pointer, 1) == std::to_string(index) &&
                   token(pointer, 2) == part;
        });
    };
    return {changes("discriminator"), changes("objective"), changes("optimizer")};
}

void AdversarialDistillation::check_change(std::span<const std::string> settings, sdk::Problems &problems) const {
    check_changes(settings, problems);
}

void AdversarialDistillation::change(sdk::Trainer &changed, std::span<const std::string> settings, sdk::Random random) {
    auto &other = dynamic_cast<AdversarialDistillation &>(changed);
    for (std::size_t i = 0; i < parts_.adversaries.size(); ++i)
        change_adversary(i, other, renewal_of(settings, i), random.at("adversaries"));
    for (std::size_t i = 0; i < parts_.losses.size(); ++i)
        parts_.losses[i].parts().weight = other.parts_.losses[i].parts().weight;
    take_conditions(other.parts_.pairs);
    if (!services_.cancelled())
        make_passes(false);
}

void AdversarialDistillation::change_adversary(std::size_t index, AdversarialDistillation &changed, Renewal what,
                                               sdk::Random random) {
    Adversary &adversary = parts_.adversaries[index];
    const std::string &name = adversary.parts().name;
    std::unique_ptr<sdk::Optimizer> optimizer;
    if (what.optimizer && !what.discriminator) { // that of `changed` is attached to its own discriminator for good
        NoProblems problems;
        const sdk::Random stream = random_.at("adversaries").at(name).at("optimizer");
        optimizer = changed.settings_.adversaries[index].optimizer.build({{services_, problems, stream}});
    }
    adversary.renew(changed.parts_.adversaries[index], what, std::move(optimizer), random.at(name));
}

/// A condition that no discriminator wanted so far was not fitted: the head of `changed` is, as it would be from the
/// start.
void AdversarialDistillation::take_conditions(std::span<Pair> changed) {
    std::vector<TeacherOutput> unfitted;
    for (std::size_t i = 0; i < parts_.pairs.size(); ++i) {
        Pair &pair = parts_.pairs[i];
        const bool was_conditioned = std::exchange(pair.conditioned, changed[i].conditioned);
        if (was_conditioned || !pair.conditioned)
            continue;
        pair.condition_head = std::move(changed[i].condition_head);
        unfitted.push_back({pair.condition_tap, pair.condition_head.get()});
    }
    if (unfitted.empty())
        return;
    forward_.reset(); // it and the other look at the teacher's outputs
    fresh_.reset();
    teacher_.forget();
    (void)want_outputs();
    prepare_teacher(unfitted);
}

} // namespace retort::trainer_adversarial_distillation
