// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/names.hpp>
#include <retort/sdk/training.hpp>

#include <algorithm>
#include <optional>
#include <plugins/trainers/adversarial_distillation/pair.hpp>
#include <string_view>
#include <vector>

namespace retort::trainer_adversarial_distillation {

namespace {

std::optional<std::size_t> find_tap(sdk::Model &model, const std::string &name, const std::string &pointer,
                                    sdk::Problems &problems) {
    std::vector<std::string> names;
    for (const sdk::Tap &tap : model.taps())
        names.emplace_back(tap.name);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    problems.add(pointer, sdk::unknown_name("tap", name, names));
    return std::nullopt;
}

/// A head on a tap of the teacher's; null after a mistake. It must have nothing to train.
std::unique_ptr<sdk::Head> build_fitted(const sdk::ComponentSpec<sdk::Head> &spec, const sdk::Model &teacher,
                                        std::size_t tap, const std::string &pointer, const sdk::TrainerContext &context,
                                        sdk::Random random) {
    auto head = sdk::build_or_report(
        spec, {{context.services, context.problems, random}, teacher.taps()[tap].width, teacher.members(), nullptr});
    if (!head || head->parameters().values.empty())
        return head;
    context.problems.add(pointer, sdk::in_quotes(spec.type) +
                                      " has parameters to train, and could win the game by mapping everything to one "
                                      "point; allowed on the teacher's side: heads that are only fitted");
    return nullptr;
}

std::string to_text(const sdk::Space &space) {
    return (space.kind == sdk::Space::Kind::real ? "R^" : "a simplex of ") + std::to_string(space.width);
}

/// The student's head, for the teacher head's space; null after a mistake.
std::unique_ptr<sdk::Head> build_student(const sdk::ComponentSpec<sdk::Head> &spec, std::size_t width,
                                         const sdk::Head &teacher, const std::string &pointer,
                                         const sdk::TrainerContext &context, sdk::Random random) {
    auto head = sdk::build_or_report(spec, {{context.services, context.problems, random}, width, 1, &teacher});
    if (!head || head->space() == teacher.space())
        return head;
    context.problems.add(pointer, "its samples lie in " + to_text(head->space()) + ", the teacher's in " +
                                      to_text(teacher.space()) + "; both must be equal");
    return nullptr;
}

void build_condition(Pair &pair, const ConditionSettings &settings, const std::string &pointer, sdk::Model &teacher,
                     const sdk::TrainerContext &context, sdk::Random random) {
    pair.wants_condition = true;
    const auto tap = find_tap(teacher, settings.tap, pointer + "/tap", context.problems);
    if (!tap)
        return;
    pair.condition_tap = *tap;
    pair.condition_head =
        build_fitted(settings.head, teacher, *tap, pointer + "/head", context, random.at("condition"));
}

} // namespace

Pair build_pair(const std::string &name, const PairSettings &settings, sdk::Model &teacher, sdk::Model &student,
                const sdk::TrainerContext &context) {
    Pair pair;
    pair.name = name;
    const std::string pointer = "/pairs/" + name;
    const sdk::Random random = context.random.at("pairs").at(name);
    const auto teacher_tap = find_tap(teacher, settings.teacher_tap, pointer + "/teacher_tap", context.problems);
    const auto student_tap = find_tap(student, settings.student_tap, pointer + "/student_tap", context.problems);
    if (teacher_tap) {
        pair.teacher_tap = *teacher_tap;
        pair.teacher_head = build_fitted(settings.teacher_head, teacher, *teacher_tap, pointer + "/teacher_head",
                                         context, random.at("teacher"));
    }
    if (student_tap && pair.teacher_head) {
        pair.student_tap = *student_tap;
        pair.student_head = build_student(settings.student_head, student.taps()[*student_tap].width, *pair.teacher_head,
                                          pointer + "/student_head", context, random.at("student"));
    }
    if (settings.condition)
        build_condition(pair, *settings.condition, pointer + "/condition", teacher, context, random);
    return pair;
}

PairPass::PairPass(Pair &pair, std::size_t rows, std::size_t tail_rows, bool gradients)
    : teacher_(pair.teacher_head->make_pass({sdk::Mode::evaluate, rows, tail_rows, false, false, {}})),
      has_parameters_(pair.trains_head()) {
    const sdk::Mode mode = gradients ? sdk::Mode::train : sdk::Mode::sample;
    student_ = pair.student_head->make_pass({mode, rows, tail_rows, gradients && has_parameters_, gradients, {}});
}

void PairPass::forward(std::span<const sdk::ConstMatrix> h_teacher, sdk::ConstMatrix h_student,
                       const sdk::Batch &batch) {
    student_member_[0] = h_student;
    teacher_->forward(h_teacher, batch);
    student_->forward(student_member_, batch);
    written_ = false;
}

void PairPass::backward(const sdk::HeadGradient &gradient, sdk::Matrix tap_gradient) {
    const sdk::Matrix members[] = {tap_gradient};
    const sdk::Write write = written_ ? sdk::Write::add : sdk::Write::replace;
    student_->backward(gradient, members, has_parameters_ ? write : sdk::Write::none);
    written_ = true;
}

} // namespace retort::trainer_adversarial_distillation
