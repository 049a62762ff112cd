// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/batches.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/training.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <plugins/trainers/supervised/samples.hpp>
#include <plugins/trainers/supervised/settings.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::trainer_supervised {

/// Trains one model on labels: each step descends sum_k weight_k * loss_k(labels, logits) on one batch.
///
/// Step metrics: "loss" (the weighted sum) and each loss by its type, unweighted.
class Supervised final : public sdk::Trainer {
  public:
    using Settings = trainer_supervised::Settings;

    Supervised(const Settings &settings, const sdk::TrainerContext &context);

    [[nodiscard]] std::string_view trains() const override { return settings_.model.name; }

    [[nodiscard]] std::span<const std::string> also_trains() const override { return samples_.names(); }

    [[nodiscard]] std::uint64_t steps() const override { return settings_.epochs * batches_.per_epoch(); }

    [[nodiscard]] std::uint64_t steps_per_epoch() const override { return batches_.per_epoch(); }

    void prepare(bool restored) override;
    void step(std::uint64_t k, sdk::Metrics &metrics) override;

    void evaluate(sdk::Split split, sdk::Metrics &metrics) override { evaluations_.report(split, metrics); }

    void end_epoch(sdk::Metrics &metrics) override { means_.end(metrics); }

    [[nodiscard]] bool shares_batches() const override { return true; }

    void visit_state(sdk::StateVisitor &visitor) override;

  private:
    struct Term {
        std::string name;
        std::string pointer;
        std::unique_ptr<sdk::Loss> loss;
        sdk::Schedule weight;
        double value = 0.0; // of the last step, unweighted
    };

    void build_terms(const sdk::TrainerContext &context);
    void check_terms(sdk::ConstMatrix inputs, sdk::ConstMatrix logits) const;
    void run(const sdk::Batch &batch, sdk::Progress progress, sdk::Random random);
    void report(double loss, sdk::Metrics &metrics);
    void evaluate_terms(const sdk::LossInput &input, sdk::Matrix gradient, sdk::Progress progress);
    [[nodiscard]] double sum_over_replicas(sdk::Progress progress);

    Settings settings_;
    sdk::Services &services_;
    sdk::Random random_;
    sdk::Model &model_;
    const sdk::Dataset &dataset_;
    std::size_t logits_; // the tap
    sdk::EpochBatches batches_;
    std::vector<Term> terms_;
    std::unique_ptr<sdk::Optimizer> optimizer_;
    Samples samples_;
    std::unique_ptr<sdk::ModelPass> pass_;
    sdk::MatrixBuffer gradient_;
    sdk::Evaluations evaluations_;
    sdk::EpochMeans means_;
    sdk::ReplicaSums sums_;
    sdk::BatchShare share_; // of the step
    double correct_ = 0.0;  // predictions of it
};

} // namespace retort::trainer_supervised
