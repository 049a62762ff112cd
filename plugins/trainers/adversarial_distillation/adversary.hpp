// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/profile.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/schedule.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <plugins/shared/in_part.hpp>
#include <plugins/trainers/adversarial_distillation/balance.hpp>
#include <plugins/trainers/adversarial_distillation/class_term.hpp>
#include <plugins/trainers/adversarial_distillation/forward.hpp>
#include <plugins/trainers/adversarial_distillation/penalty.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// What an adversary is made of.
struct AdversaryParts {
    std::string name;
    std::string pointer;  ///< in the stage's settings
    std::size_t pair = 0; ///< index
    std::size_t student_tap = 0;
    sdk::Schedule lambda = 1.0;
    sdk::Schedule class_weight = 1.0;
    double balance = 0.0;
    std::uint64_t discriminator_steps = 1;
    double until_accuracy = 0.0;
    bool fresh_batches = false;
    std::size_t classes = 0; ///< of the discriminator's class logits; 0: it gives none
    std::unique_ptr<sdk::Discriminator> discriminator;
    std::unique_ptr<sdk::Objective> objective;
    std::unique_ptr<sdk::Optimizer> optimizer; ///< of the discriminator
};

/// What of an adversary a change makes anew.
struct Renewal {
    bool discriminator = false; ///< and with it its optimizer
    bool objective = false;
    bool optimizer = false; ///< alone: it begins afresh on the discriminator that is there
};

/// How a discriminator does: its figures of one step, or sums of them.
struct Play {
    double accuracy = 0.0;
    double excess = 0.0; ///< of its loss, over the least that there is
    double spread = 0.0; ///< standard deviation of the scores of both sides
};

/// A discriminator and its game with the student on one pair.
class Adversary {
  public:
    explicit Adversary(AdversaryParts parts);

    /// Makes passes and buffers; `initialise`: draws the discriminator's first weights too.
    void prepare(std::size_t rows, std::size_t tail_rows, std::size_t tap_width, bool initialise, sdk::Random random);

    /// Exchanges numbers, passes and the parts that are made anew with `other`, an adversary of the same name on the
    /// same pair. Twice: all is as it was. `prepare` must follow once.
    void exchange(Adversary &other, Renewal what) noexcept;

    /// Draws the discriminator's first weights.
    void initialise(sdk::Random random);

    /// Takes an optimizer that begins afresh, on the discriminator of `of`.
    void take_optimizer(std::unique_ptr<sdk::Optimizer> optimizer, const Adversary &of);

    /// One step of the discriminator: theta descends its loss on new samples of both sides, which stay as they are, the
    /// objective's gradient penalty and class_weight times its class loss on both.
    void learn(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services);

    /// The gradient of lambda times the student's loss, class_weight times the class loss of its samples included, with
    /// respect to its tap, balanced, through D as it is now, noise on, state frozen, without touching theta; this
    /// replica's part of the mean over the whole batch. Valid until the next call.
    [[nodiscard]] sdk::TapGradient fool(Forward &forward, sdk::Progress progress, sdk::Random random,
                                        sdk::Services &services);

    /// Before `fool`, of a replica without rows too: the gradients of the losses, to balance against.
    void measure(std::span<const sdk::TapGradient> losses) { balance_.measure(losses, parts_.student_tap); }

    /// What is reported, of the rows of the last `learn` and `fool`, becomes that of the whole batch when `sums` are
    /// summed; of a replica without rows, too.
    void gather(const sdk::BatchShare &share, sdk::ReplicaSums &sums);

    /// What the student minimises of it in the step `progress`: its losses with their weights.
    [[nodiscard]] double weighted_loss(sdk::Progress progress) const;

    /// Ends a step, after its sums over the replicas: the running means of the balance move on.
    void settle(sdk::Progress progress);

    /// Of the last discriminator step, before its update: "<name>.d_teacher", "<name>.d_student" (means of D, or of the
    /// score where the objective reads it raw), "<name>.discriminator_loss", "<name>.accuracy" (see accuracy_of),
    /// "<name>.score_spread" (standard deviation of the scores of both sides), "<name>.penalty",
    /// "<name>.discriminator_class_loss" (0 where there is no such thing); of the last `fool`:
    /// "<name>.student_loss" and "<name>.student_class_loss" (without lambda), "<name>.gradient_norm" (with it, at the
    /// tap); the constant "<name>.equilibrium"; and of the last step that was settled "<name>.discriminator_steps", how
    /// many were taken, and "<name>.balance", what the gradient was multiplied by.
    void report(sdk::Metrics &metrics) const;

    void visit_state(sdk::StateVisitor &visitor);

    /// Of the last discriminator step, once it was settled.
    [[nodiscard]] Play play() const {
        return {values_[accuracy], values_[discriminator_loss] - parts_.objective->least_loss(), values_[score_spread]};
    }

    /// What the adversarial loss of the step that was settled last was multiplied by: lambda, and the balance of that
    /// step.
    [[nodiscard]] double settled_strength(sdk::Progress progress) const {
        return parts_.lambda.at(progress) * values_[balance];
    }

    /// This replica's samples of the last discriminator step, the teacher's rows first. Valid until the next.
    [[nodiscard]] sdk::ConstMatrix samples() const { return learn_->input().slice(0, 2 * learned_rows_); }

    [[nodiscard]] const AdversaryParts &parts() const { return parts_; }

    /// Whether discriminator step `round` (from 0) of a student's step takes place, and on a batch of its own.
    [[nodiscard]] bool plays(std::uint64_t round) const;

    [[nodiscard]] bool wants_fresh(std::uint64_t round) const {
        return round > 0 && plays(round) && parts_.fresh_batches;
    }

  private:
    /// What `values_` are, in the order in which they are reported.
    enum Reported : std::size_t {
        d_teacher,
        d_student,
        equilibrium,
        discriminator_loss,
        student_loss,
        gradient_norm,
        accuracy,
        score_spread,
        penalty,
        discriminator_class_loss,
        student_class_loss,
        discriminator_steps,
        balance,
        reported
    };

    template <class Call>
    decltype(auto) in_discriminator(const sdk::Services &services, std::string_view phase, Call &&call) const {
        const sdk::Phase scope(services, phase);
        return plugin_support::in_part(discriminator_pointer_, call);
    }

    template <class Call> decltype(auto) in_objective(const sdk::Services &services, Call &&call) const {
        const sdk::Phase scope(services, "objective");
        return plugin_support::in_part(objective_pointer_, call);
    }

    void attach_optimizer(sdk::Discriminator &discriminator);
    void learn_gradient(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services);
    void penalise(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services);
    void share_accuracy(std::size_t rows, sdk::Services &services);
    [[nodiscard]] double strength(sdk::Progress progress) const;
    void step_discriminator(sdk::Progress progress, sdk::Random random, sdk::Services &services);
    void check_loss(std::size_t loss, sdk::ConstMatrix samples, std::span<const float> scores) const;
    [[nodiscard]] double mean(std::span<const float> scores) const;
    void take_moments(std::span<const float> scores);

    AdversaryParts parts_;
    std::string discriminator_pointer_;
    std::string objective_pointer_;
    std::string optimizer_pointer_;
    std::string learn_phase_;
    std::string fool_phase_;
    std::array<std::string, reported> names_;
    std::array<double, reported> values_{};
    std::size_t learned_rows_ = 0;                  // of the last `learn`
    double score_mean_ = 0.0;                       // of both sides' scores
    double score_square_ = 0.0;                     // mean of their squares
    double learned_share_ = 1.0;                    // of the rows of the last `learn`
    double learned_labels_ = 1.0;                   // of its labelled rows
    std::unique_ptr<sdk::DiscriminatorPass> learn_; // parameter gradients only
    std::unique_ptr<sdk::DiscriminatorPass> fool_;  // input gradients only
    std::vector<float> score_gradients_;            // teacher's rows first
    sdk::MatrixBuffer tap_gradient_;
    ClassTerm class_term_;
    Penalty penalty_;
    Balance balance_;
    std::uint64_t steps_ = 0; // of the discriminator, since the last step of the student
};

} // namespace retort::trainer_adversarial_distillation
