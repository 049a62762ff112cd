// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <plugins/trainers/adversarial_distillation/forward.hpp>
#include <plugins/trainers/adversarial_distillation/loss_term.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// What each term of the student's sum says of its weights w_s, every so many steps: the norm of its gradient with
/// respect to them, weighted as in the sum, and for adversaries the cosine between their gradient and that of the
/// reference, which is the sum of the losses on labels (the cross-entropy), or of all losses where none on labels has a
/// weight.
///
/// It costs a backward of the student for each term, and changes nothing but the gradients that it leaves behind.
class Telemetry {
  public:
    /// `every`: steps from one measurement to the next, the first one being step 0; 0: there is none, and nothing is
    /// reported.
    explicit Telemetry(std::uint64_t every) : every_(every) {}

    /// The terms, in the order in which `measure` is given their gradients: losses, then adversaries.
    void add_loss(std::string_view name);
    void add_adversary(std::string_view name);

    /// Makes buffers for as many parameters.
    void prepare(std::size_t parameters);

    [[nodiscard]] bool due(std::uint64_t k) const { return every_ > 0 && k % every_ == 0; }

    /// `losses`: those that were added; `gradients`: this replica's part of each term's, of the last run of `forward`;
    /// none where it has no rows. The figures become those of the whole batch. Leaves other gradients in `student`, a
    /// view of the model's parameters.
    void measure(Forward &forward, const sdk::Parameters &student, std::span<const LossTerm> losses,
                 std::span<const sdk::TapGradient> gradients, sdk::Progress progress, sdk::Services &services);

    /// Of the last measurement: "<term>.student_gradient_norm", and of adversaries "<name>.gradient_cosine", of the
    /// last one in which both gradients were there: a batch without labels has none of the cross-entropy. 0 before
    /// that.
    void report(sdk::Metrics &metrics) const;

    [[nodiscard]] double reference_norm() const { return reference_norm_; }

    /// Of the adversary that was added at `index`.
    [[nodiscard]] double adversary_norm(std::size_t index) const { return norms_[losses() + index]; }

    void visit_state(sdk::StateVisitor &visitor);

  private:
    void set_cosine(std::size_t adversary, std::span<const float> gradient);
    [[nodiscard]] std::size_t losses() const { return norms_.size() - cosines_.size(); }

    std::uint64_t every_;
    std::vector<std::string> norm_names_;
    std::vector<std::string> cosine_names_; // of adversaries
    std::vector<double> norms_;
    std::vector<double> cosines_;
    double reference_norm_ = 0.0;
    std::vector<float> reference_; // the sum of the reference's gradients
};

} // namespace retort::trainer_adversarial_distillation
