// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/head.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/trainer.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <plugins/trainers/adversarial_distillation/settings.hpp>
#include <plugins/trainers/adversarial_distillation/teacher.hpp>
#include <span>
#include <string>

namespace retort::trainer_adversarial_distillation {

/// Where teacher and student meet: a tap of each, and heads that make of them distributions over one space.
struct Pair {
    std::string name;
    std::size_t teacher_tap = 0;
    std::size_t student_tap = 0;
    std::size_t condition_tap = 0;
    std::unique_ptr<sdk::Head> teacher_head;   ///< null after a mistake in the settings
    std::unique_ptr<sdk::Head> student_head;   ///< likewise
    std::unique_ptr<sdk::Head> condition_head; ///< null: no condition, or likewise
    bool wants_condition = false;              ///< the settings have one
    bool used = false;                         ///< by an adversary or a loss; nothing is computed for the others
    bool conditioned = false;                  ///< a discriminator on it wants the condition
    std::size_t teacher_output = 0;            ///< index in Teacher: h_t
    std::size_t condition_output = 0;          ///< likewise: c(x)

    /// Whether everything that the settings ask for was built; what a mistake left out is no second mistake.
    [[nodiscard]] bool whole() const { return teacher_head && student_head && (condition_head || !wants_condition); }

    [[nodiscard]] std::size_t condition_width() const { return condition_head ? condition_head->space().width : 0; }

    [[nodiscard]] bool trains_head() const { return !student_head->parameters().values.empty(); }
};

/// Builds a pair; reports unknown taps, heads that do not meet and teacher's heads that could be trained.
[[nodiscard]] Pair build_pair(const std::string &name, const PairSettings &settings, sdk::Model &teacher,
                              sdk::Model &student, const sdk::TrainerContext &context);

/// A pair's distributions for one batch in flight.
class PairPass {
  public:
    /// `gradients`: whether `backward` will be called.
    PairPass(Pair &pair, std::size_t rows, std::size_t tail_rows, bool gradients);

    /// `h_teacher`: the tap of each of the teacher's members, `h_student`: the student's, valid until after `backward`.
    void forward(std::span<const sdk::ConstMatrix> h_teacher, sdk::ConstMatrix h_student, const sdk::Batch &batch);

    [[nodiscard]] sdk::HeadPass &teacher() { return *teacher_; }

    [[nodiscard]] sdk::HeadPass &student() { return *student_; }

    /// Turns a gradient with respect to what the student's head gave into one with respect to its tap. The head's own
    /// parameter gradients are summed over all calls after one `forward`.
    void backward(const sdk::HeadGradient &gradient, sdk::Matrix tap_gradient);

  private:
    std::unique_ptr<sdk::HeadPass> teacher_;
    std::unique_ptr<sdk::HeadPass> student_;
    std::array<sdk::ConstMatrix, 1> student_member_;
    bool has_parameters_;
    bool written_ = false; // parameter gradients since the last forward
};

} // namespace retort::trainer_adversarial_distillation
