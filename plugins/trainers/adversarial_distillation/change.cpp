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

/// What a change exchanges between the trainer that runs and that of the changed settings, and all that was made for
/// it: at its end the trainer that runs is as it was, unless the change is kept.
class Exchange {
  public:
    Exchange(AdversarialDistillation &running, AdversarialDistillation &changed, std::span<const Renewal> renewals)
        : running_(running), changed_(changed), renewals_(renewals) {
        for (std::size_t i = 0; i < running.parts_.pairs.size(); ++i)
            if (!running.parts_.pairs[i].conditioned && changed.parts_.pairs[i].conditioned)
                unfitted_.push_back(i);
        swap();
    }

    ~Exchange() {
        if (!kept_)
            swap();
    }

    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    /// Pairs whose condition no discriminator wanted so far.
    [[nodiscard]] std::span<const std::size_t> unfitted() const { return unfitted_; }

    void keep() { kept_ = true; }

  private:
    void swap() noexcept {
        std::swap(running_.forward_, changed_.forward_);
        std::swap(running_.fresh_, changed_.fresh_);
        std::swap(running_.rounds_, changed_.rounds_);
        for (std::size_t i = 0; i < renewals_.size(); ++i)
            running_.parts_.adversaries[i].exchange(changed_.parts_.adversaries[i], renewals_[i]);
        for (std::size_t i = 0; i < running_.parts_.losses.size(); ++i)
            std::swap(running_.parts_.losses[i].parts().weight, changed_.parts_.losses[i].parts().weight);
        for (std::size_t i = 0; i < running_.parts_.pairs.size(); ++i)
            std::swap(running_.parts_.pairs[i].conditioned, changed_.parts_.pairs[i].conditioned);
        for (const std::size_t i : unfitted_)
            std::swap(running_.parts_.pairs[i].condition_head, changed_.parts_.pairs[i].condition_head);
        if (!unfitted_.empty())
            swap_teacher();
    }

    /// What was wanted of it, and where that stands.
    void swap_teacher() noexcept {
        running_.teacher_.exchange(changed_.teacher_);
        for (std::size_t i = 0; i < running_.parts_.pairs.size(); ++i) {
            std::swap(running_.parts_.pairs[i].teacher_output, changed_.parts_.pairs[i].teacher_output);
            std::swap(running_.parts_.pairs[i].condition_output, changed_.parts_.pairs[i].condition_output);
        }
        for (std::size_t i = 0; i < running_.parts_.losses.size(); ++i)
            std::swap(running_.parts_.losses[i].parts().teacher_logits,
                      changed_.parts_.losses[i].parts().teacher_logits);
    }

    AdversarialDistillation &running_;
    AdversarialDistillation &changed_;
    std::span<const Renewal> renewals_;
    std::vector<std::size_t> unfitted_;
    bool kept_ = false;
};

void AdversarialDistillation::change(sdk::Trainer &changed, std::span<const std::string> settings, sdk::Random random) {
    auto &other = dynamic_cast<AdversarialDistillation &>(changed);
    std::vector<Renewal> renewals;
    for (std::size_t i = 0; i < parts_.adversaries.size(); ++i)
        renewals.push_back(renewal_of(settings, i));
    for (std::size_t i = 0; i < renewals.size(); ++i)
        if (renewals[i].optimizer && !renewals[i].discriminator)
            renew_optimizer(i, other);
    Exchange exchange(*this, other, renewals);
    for (std::size_t i = 0; i < renewals.size(); ++i)
        if (renewals[i].discriminator)
            parts_.adversaries[i].initialise(random.at("adversaries").at(parts_.adversaries[i].parts().name));
    fit_conditions(exchange.unfitted());
    if (!services_.cancelled())
        make_passes(false);
    exchange.keep();
    for (std::size_t i = 0; i < renewals.size(); ++i)
        if (renewals[i].discriminator || renewals[i].objective)
            alarms_.restart_adversary(i);
}

/// The optimizer of `changed` is attached to its own discriminator for good: another takes its place.
void AdversarialDistillation::renew_optimizer(std::size_t index, AdversarialDistillation &changed) {
    const Adversary &adversary = parts_.adversaries[index];
    NoProblems problems;
    const sdk::Random stream = random_.at("adversaries").at(adversary.parts().name).at("optimizer");
    changed.parts_.adversaries[index].take_optimizer(
        changed.settings_.adversaries[index].optimizer.build({{services_, problems, stream}, batches_.size()}),
        adversary);
}

/// Fits them as they would have been from the start, and looks at the teacher anew.
void AdversarialDistillation::fit_conditions(std::span<const std::size_t> pairs) {
    if (pairs.empty())
        return;
    std::vector<TeacherOutput> unfitted;
    for (const std::size_t i : pairs)
        unfitted.push_back({parts_.pairs[i].condition_tap, parts_.pairs[i].condition_head.get()});
    (void)want_outputs();
    prepare_teacher(unfitted);
}

} // namespace retort::trainer_adversarial_distillation
