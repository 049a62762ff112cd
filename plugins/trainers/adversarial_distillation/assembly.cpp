// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/names.hpp>
#include <retort/sdk/training.hpp>

#include <algorithm>
#include <optional>
#include <plugins/trainers/adversarial_distillation/assembly.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace retort::trainer_adversarial_distillation {

namespace {

/// Builds one stage's parts; holds what all of them need.
class Assembler {
  public:
    Assembler(const Settings &settings, sdk::Model &teacher, sdk::Model &student, const sdk::Dataset &dataset,
              const sdk::TrainerContext &context)
        : settings_(settings), teacher_(teacher), student_(student), dataset_(dataset), context_(context) {}

    Assembly build() {
        for (const auto &[name, pair] : settings_.pairs.items)
            add_pair(name, pair);
        for (std::size_t i = 0; i < settings_.adversaries.size(); ++i)
            add_adversary(settings_.adversaries[i], "/adversaries/" + std::to_string(i));
        for (std::size_t i = 0; i < settings_.losses.size(); ++i)
            add_loss(settings_.losses[i], i);
        check_balances();
        if (settings_.adversaries.empty() && settings_.losses.empty())
            problem("/losses", "there is neither a loss nor an adversary, so nothing would be trained; allowed: at "
                               "least one of them");
        return std::move(assembly_);
    }

  private:
    void problem(const std::string &pointer, const std::string &message) { context_.problems.add(pointer, message); }

    [[nodiscard]] sdk::Context context(sdk::Random random) const {
        return {context_.services, context_.problems, random};
    }

    void check_name(const std::string &name, const std::string &pointer) {
        if (!sdk::is_part_name(name))
            problem(pointer, sdk::in_quotes(name) +
                                 " is no name; allowed: letters, digits, \"_\" and \"-\", not digits "
                                 "alone");
    }

    void add_pair(const std::string &name, const PairSettings &settings) {
        check_name(name, "/pairs");
        assembly_.pairs.push_back(build_pair(name, settings, teacher_, student_, context_));
    }

    /// Index of a pair; an unknown name is a mistake at `pointer`.
    std::optional<std::size_t> find_pair(const std::string &name, const std::string &pointer) {
        std::vector<std::string> names;
        for (const Pair &pair : assembly_.pairs)
            names.push_back(pair.name);
        const auto found = std::find(names.begin(), names.end(), name);
        if (found != names.end())
            return static_cast<std::size_t>(found - names.begin());
        problem(pointer, sdk::unknown_name("pair", name, names));
        return std::nullopt;
    }

    void add_adversary(const AdversarySettings &settings, const std::string &pointer) {
        check_adversary_name(settings.name, pointer + "/name");
        const sdk::Random random = context_.random.at("adversaries").at(settings.name);
        AdversaryParts parts;
        parts.objective = sdk::build_or_report(settings.objective, {context(random.at("objective"))});
        parts.optimizer = sdk::build_or_report(settings.optimizer,
                                               {context(random.at("optimizer")), dataset_.size(sdk::Split::train)});
        const auto pair = find_pair(settings.pair, pointer + "/pair");
        if (pair && assembly_.pairs[*pair].whole())
            parts.discriminator = build_discriminator(settings, assembly_.pairs[*pair], pointer, random);
        check_penalty(settings, parts, pointer);
        check_class_weight(settings, parts, pointer);
        check_until_accuracy(settings, pointer);
        check_replicas(settings, parts, pointer);
        if (!parts.objective || !parts.optimizer || !parts.discriminator)
            return;
        parts.name = settings.name;
        parts.pointer = pointer;
        parts.pair = *pair;
        parts.student_tap = assembly_.pairs[*pair].student_tap;
        parts.lambda = settings.lambda;
        parts.class_weight = settings.class_weight;
        parts.balance = settings.balance;
        parts.until_accuracy = settings.until_accuracy;
        parts.classes = parts.discriminator->classifies() ? dataset_.classes() : 0;
        parts.discriminator_steps = settings.discriminator_steps;
        parts.fresh_batches = settings.fresh_batches;
        assembly_.adversaries.emplace_back(std::move(parts));
    }

    void check_adversary_name(const std::string &name, const std::string &pointer) {
        check_name(name, pointer);
        if (std::find(adversary_names_.begin(), adversary_names_.end(), name) != adversary_names_.end())
            problem(pointer, "there is another adversary " + sdk::in_quotes(name) + "; names must differ");
        adversary_names_.push_back(name);
    }

    std::unique_ptr<sdk::Discriminator> build_discriminator(const AdversarySettings &settings, Pair &pair,
                                                            const std::string &pointer, sdk::Random random) {
        auto discriminator = sdk::build_or_report(settings.discriminator,
                                                  {context(random.at("discriminator")), pair.teacher_head->space(),
                                                   pair.condition_width(), dataset_.width(), dataset_.classes()});
        if (!discriminator)
            return nullptr;
        const bool needs_condition = discriminator->needs().features;
        if (needs_condition && !pair.condition_head)
            problem(pointer + "/discriminator", sdk::in_quotes(settings.discriminator.type) +
                                                    " needs a condition, and the pair " + sdk::in_quotes(pair.name) +
                                                    " has none; give the pair a \"condition\", or take a "
                                                    "discriminator without one");
        pair.used = true;
        pair.conditioned = pair.conditioned || needs_condition;
        return discriminator;
    }

    void check_penalty(const AdversarySettings &settings, const AdversaryParts &parts, const std::string &pointer) {
        if (parts.objective && parts.objective->penalty_at() != sdk::Objective::Penalty::none && parts.discriminator &&
            !parts.discriminator->twice_differentiable())
            problem(pointer + "/objective",
                    sdk::in_quotes(settings.objective.type) + " wants a gradient penalty, and the discriminator " +
                        sdk::in_quotes(settings.discriminator.type) +
                        " is not twice differentiable; allowed: another discriminator, or an objective whose "
                        "settings ask for no penalty");
    }

    void check_class_weight(const AdversarySettings &settings, const AdversaryParts &parts,
                            const std::string &pointer) {
        const bool is_default = settings.class_weight == AdversarySettings{}.class_weight;
        if (parts.discriminator && !parts.discriminator->classifies() && !is_default)
            context_.services.warn(pointer + "/class_weight is ignored: the discriminator " +
                                   sdk::in_quotes(settings.discriminator.type) + " gives no class logits");
    }

    void check_until_accuracy(const AdversarySettings &settings, const std::string &pointer) {
        if (settings.until_accuracy > 0.0 && settings.discriminator_steps == 1)
            context_.services.warn(pointer + "/until_accuracy is ignored: there is no step after the first, as "
                                             "discriminator_steps is 1");
    }

    /// A gradient can be balanced only against one at the same tap.
    void check_balances() {
        for (const Adversary &adversary : assembly_.adversaries) {
            const AdversaryParts &parts = adversary.parts();
            const auto is_there = [&](LossTerm &loss) { return loss.parts().tap == parts.student_tap; };
            if (parts.balance > 0.0 && std::none_of(assembly_.losses.begin(), assembly_.losses.end(), is_there))
                problem(parts.pointer + "/balance", "there is no loss at the student's tap " +
                                                        sdk::in_quotes(student_.taps()[parts.student_tap].name) +
                                                        " to balance against; allowed: 0, or a loss there");
        }
    }

    /// The student's loss may depend on a mean over the teacher's scores, and so on rows of other replicas.
    void check_replicas(const AdversarySettings &settings, const AdversaryParts &parts, const std::string &pointer) {
        if (context_.services.replicas() > 1 && parts.objective && parts.objective->compares_scores())
            problem(pointer + "/objective", sdk::in_quotes(settings.objective.type) +
                                                " compares the scores of a batch, of which a replica has a share only; "
                                                "allowed: one process, or objectives of each score by itself");
    }

    void add_loss(const LossSettings &settings, std::size_t index) {
        const std::string pointer = "/losses/" + std::to_string(index);
        std::optional<std::size_t> pair;
        if (!settings.pair.empty() && !(pair = find_pair(settings.pair, pointer + "/pair")))
            return;
        const Pair *on = pair ? &assembly_.pairs[*pair] : nullptr;
        if (on && !on->whole())
            return;
        LossParts parts;
        parts.loss = sdk::build_or_report(settings.loss,
                                          {context(context_.random.at("losses").at(index)), dataset_.classes(),
                                           on ? on->student_head->family() : "", on ? on->teacher_head->family() : ""});
        if (!parts.loss || !check_loss(settings, parts.loss->on(), pointer))
            return;
        parts.name = sdk::unique_name(settings.loss.type, loss_names_);
        loss_names_.push_back(parts.name);
        parts.pointer = pointer;
        parts.weight = settings.weight;
        parts.tap = on ? on->student_tap : student_.taps().size() - 1;
        parts.pair = pair.value_or(0);
        if (pair)
            assembly_.pairs[*pair].used = true;
        assembly_.losses.emplace_back(std::move(parts));
    }

    /// Whether a loss has the pair that it needs, and none that it does not.
    bool check_loss(const LossSettings &settings, sdk::Loss::On on, const std::string &pointer) {
        const bool needs_pair = on == sdk::Loss::On::distributions;
        if (needs_pair && settings.pair.empty())
            problem(pointer + "/pair", sdk::in_quotes(settings.loss.type) +
                                           " compares the distributions of a pair; name "
                                           "one of the stage's pairs");
        else if (!needs_pair && !settings.pair.empty())
            problem(pointer + "/pair", sdk::in_quotes(settings.loss.type) +
                                           " looks at logits, not at a pair; leave the "
                                           "pair out");
        if (on == sdk::Loss::On::logits)
            sdk::check_classes(teacher_, settings_.teacher.name, dataset_, "/teacher", context_.problems);
        return needs_pair == !settings.pair.empty();
    }

    const Settings &settings_;
    sdk::Model &teacher_;
    sdk::Model &student_;
    const sdk::Dataset &dataset_;
    const sdk::TrainerContext &context_;
    std::vector<std::string> adversary_names_;
    std::vector<std::string> loss_names_{"loss"};
    Assembly assembly_;
};

} // namespace

Assembly assemble(const Settings &settings, sdk::Model &teacher, sdk::Model &student, const sdk::Dataset &dataset,
                  const sdk::TrainerContext &context) {
    return Assembler(settings, teacher, student, dataset, context).build();
}

} // namespace retort::trainer_adversarial_distillation
