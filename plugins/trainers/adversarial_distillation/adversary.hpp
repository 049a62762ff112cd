// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
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
#include <plugins/trainers/adversarial_distillation/forward.hpp>
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
    std::uint64_t discriminator_steps = 1;
    bool fresh_batches = false;
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

/// A discriminator and its game with the student on one pair.
class Adversary {
  public:
    explicit Adversary(AdversaryParts parts);

    /// Makes passes and buffers; `initialise`: draws the discriminator's first weights too.
    void prepare(std::size_t rows, std::size_t tail_rows, std::size_t tap_width, bool initialise, sdk::Random random);

    /// Takes over the numbers of `other`, an adversary of the same name on the same pair, and the parts that are made
    /// anew; `optimizer` is the one that begins afresh alone. What is left goes on as it was. A new discriminator draws
    /// its first weights from `random`. `prepare` must follow.
    void renew(Adversary &other, Renewal what, std::unique_ptr<sdk::Optimizer> optimizer, sdk::Random random);

    /// One step of the discriminator: theta descends its loss on new samples of both sides, which stay as they are.
    void learn(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services);

    /// The gradient of lambda times the student's loss with respect to its tap, through D as it is now, noise on,
    /// state frozen, without touching theta; this replica's part of the mean over the whole batch. Valid until the next
    /// call.
    [[nodiscard]] sdk::TapGradient fool(Forward &forward, sdk::Progress progress, sdk::Random random,
                                        sdk::Services &services);

    /// What is reported, of the rows of the last `learn` and `fool`, becomes that of the whole batch when `sums` are
    /// summed; of a replica without rows, too.
    void gather(const sdk::BatchShare &share, sdk::ReplicaSums &sums);

    /// lambda times the student's loss of the step `progress`.
    [[nodiscard]] double weighted_loss(sdk::Progress progress) const;

    /// Of the last discriminator step, before its update: "<name>.d_teacher", "<name>.d_student" (means of D, or of the
    /// score where the objective reads it raw), "<name>.discriminator_loss"; of the last `fool`: "<name>.student_loss"
    /// (without lambda), "<name>.gradient_norm" (with it, at the tap); and the constant "<name>.equilibrium".
    void report(sdk::Metrics &metrics) const;

    void visit_state(sdk::StateVisitor &visitor);

    [[nodiscard]] const AdversaryParts &parts() const { return parts_; }

    /// Whether discriminator step `round` (from 0) of a student's step takes place, and on a batch of its own.
    [[nodiscard]] bool plays(std::uint64_t round) const { return round < parts_.discriminator_steps; }

    [[nodiscard]] bool wants_fresh(std::uint64_t round) const {
        return round > 0 && plays(round) && parts_.fresh_batches;
    }

  private:
    void attach_optimizer();
    template <class Call>
    decltype(auto) in_discriminator(const sdk::Services &services, std::string_view phase, Call &&call) const;
    template <class Call> decltype(auto) in_objective(const sdk::Services &services, Call &&call) const;
    void learn_gradient(Forward &forward, sdk::Progress progress, sdk::Random random, sdk::Services &services);
    void step_discriminator(sdk::Progress progress, sdk::Random random, sdk::Services &services);
    void check_loss(std::size_t loss, sdk::ConstMatrix samples, std::span<const float> scores) const;
    [[nodiscard]] double mean(std::span<const float> scores) const;

    static constexpr std::size_t reported = 6;

    AdversaryParts parts_;
    std::string discriminator_pointer_;
    std::string objective_pointer_;
    std::string optimizer_pointer_;
    std::string learn_phase_;
    std::string fool_phase_;
    std::array<std::string, reported> names_;
    std::array<double, reported> values_{};
    double learned_share_ = 1.0;                    // of the rows of the last `learn`
    std::unique_ptr<sdk::DiscriminatorPass> learn_; // parameter gradients only
    std::unique_ptr<sdk::DiscriminatorPass> fool_;  // input gradients only
    std::vector<float> score_gradients_;            // teacher's rows first
    sdk::MatrixBuffer tap_gradient_;
};

} // namespace retort::trainer_adversarial_distillation
