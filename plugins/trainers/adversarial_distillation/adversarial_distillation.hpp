// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batches.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/training.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <plugins/trainers/adversarial_distillation/alarms.hpp>
#include <plugins/trainers/adversarial_distillation/assembly.hpp>
#include <plugins/trainers/adversarial_distillation/forward.hpp>
#include <plugins/trainers/adversarial_distillation/settings.hpp>
#include <plugins/trainers/adversarial_distillation/teacher.hpp>
#include <plugins/trainers/adversarial_distillation/telemetry.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// Distils a teacher f(w_t, x) into a student g(w_s, x) through any number of discriminators and losses. One step:
///
///   1. Both run on a batch; at every pair the heads make q_t(z|x) and q_s(z|x) of a tap of each.
///   2. Each discriminator takes its steps down its objective's loss on samples t ~ q_t, s ~ q_s, with its penalty and
///      class loss.
///   3. The student and its heads take one step down
///        sum_a lambda_a * student_loss_a(D_a(s)) + sum_k weight_k * loss_k,
///      with D as step 2 left it. All terms are means over the batch.
///
/// Step metrics: "loss" (the sum of 3.), each loss and each adversary: see LossTerm::report, Adversary::report and
/// Telemetry::report.
class AdversarialDistillation final : public sdk::Trainer {
  public:
    using Settings = trainer_adversarial_distillation::Settings;

    AdversarialDistillation(const Settings &settings, const sdk::TrainerContext &context);

    [[nodiscard]] std::string_view trains() const override { return settings_.student.name; }

    [[nodiscard]] std::uint64_t steps() const override { return settings_.epochs * batches_.per_epoch(); }

    [[nodiscard]] std::uint64_t steps_per_epoch() const override { return batches_.per_epoch(); }

    void prepare(bool restored) override;
    void step(std::uint64_t k, sdk::Metrics &metrics) override;

    void evaluate(sdk::Split split, sdk::Metrics &metrics) override { evaluations_.report(split, metrics); }

    void end_epoch(sdk::Metrics &metrics) override { means_.end(metrics); }

    [[nodiscard]] bool shares_batches() const override { return true; }

    /// An adversary's discriminator, objective, optimizer and numbers, and the weight of a loss, may change.
    void check_change(std::span<const std::string> settings, sdk::Problems &problems) const override;
    void change(sdk::Trainer &changed, std::span<const std::string> settings, sdk::Random random) override;

    void visit_state(sdk::StateVisitor &visitor) override;

  private:
    void attach_optimizer();
    void watch_terms();
    void prepare_heads(bool initialise);
    void prepare_teacher(std::span<const TeacherOutput> unfitted);
    friend class Exchange;

    void renew_optimizer(std::size_t index, AdversarialDistillation &changed);
    void fit_conditions(std::span<const std::size_t> pairs);
    void make_passes(bool initialise);
    [[nodiscard]] std::vector<TeacherOutput> want_outputs();
    void step_discriminators(std::uint64_t k, sdk::Progress progress, sdk::Random random);
    [[nodiscard]] bool run_fresh(std::uint64_t k, std::uint64_t round, sdk::Random random);
    void check_loss(std::string_view name, double value) const;
    void loss_gradients(sdk::Progress progress);
    void student_gradients(sdk::Progress progress, sdk::Random random);
    [[nodiscard]] double sum_over_replicas(sdk::Progress progress);
    void run_backward();
    void step_student(sdk::Progress progress, sdk::Random random);
    void sum_gradients();
    void watch(sdk::Progress progress);

    Settings settings_; // at the start of the stage
    sdk::Services &services_;
    sdk::Random random_;
    Teacher teacher_;
    sdk::Model &student_;
    sdk::EpochBatches batches_;
    sdk::EpochBatches fresh_batches_;
    Assembly parts_;
    std::unique_ptr<sdk::Optimizer> optimizer_;
    std::uint64_t rounds_ = 0;         // discriminator steps per step, of the adversary that takes most
    std::unique_ptr<Forward> forward_; // of the student's step
    std::unique_ptr<Forward> fresh_;   // of discriminator steps on batches of their own
    std::vector<sdk::TapGradient> gradients_;
    sdk::Evaluations evaluations_;
    sdk::EpochMeans means_;
    sdk::ReplicaSums sums_;
    Telemetry telemetry_;
    Alarms alarms_;
    double correct_ = 0.0; // predictions of the step
};

} // namespace retort::trainer_adversarial_distillation
