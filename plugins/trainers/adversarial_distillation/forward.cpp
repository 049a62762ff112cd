// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/profile.hpp>

#include <algorithm>
#include <plugins/trainers/adversarial_distillation/forward.hpp>

namespace retort::trainer_adversarial_distillation {

Forward::Forward(const Teacher &teacher, sdk::Model &student, std::span<Pair> pairs, std::size_t rows,
                 std::size_t tail_rows, bool gradients)
    : teacher_(teacher, rows, tail_rows), pairs_(pairs), logits_(student.taps().size() - 1), passes_(pairs.size()) {
    std::vector<std::size_t> taps{logits_};
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (!pairs[i].used)
            continue;
        passes_[i].emplace(pairs[i], rows, tail_rows, gradients);
        if (std::find(taps.begin(), taps.end(), pairs[i].student_tap) == taps.end())
            taps.push_back(pairs[i].student_tap);
    }
    const sdk::Mode mode = gradients ? sdk::Mode::train : sdk::Mode::sample;
    student_ = student.make_pass({mode, rows, tail_rows, gradients, false, taps});
}

void Forward::run(const sdk::Batch &batch, sdk::Random random, sdk::Services &services) {
    batch_ = batch;
    share_ = sdk::share_of(batch, services);
    if (rows() == 0)
        return;
    sdk::in_phase(services, "teacher", [&] { teacher_.run(batch, random.at("teacher")); });
    sdk::in_phase(services, "student forward", [&] { student_->forward(batch, random.at("student")); });
    const sdk::Phase phase(services, "heads");
    for (std::size_t i = 0; i < passes_.size(); ++i)
        if (passes_[i])
            passes_[i]->forward(teacher_.matrices(pairs_[i].teacher_output), student_->tap(pairs_[i].student_tap),
                                batch);
}

sdk::Condition Forward::condition(std::size_t pair) const {
    return {batch_, pairs_[pair].conditioned ? teacher_.output(pairs_[pair].condition_output) : sdk::ConstMatrix{}};
}

} // namespace retort::trainer_adversarial_distillation
