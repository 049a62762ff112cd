// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/profile.hpp>

#include <algorithm>
#include <iterator>
#include <plugins/trainers/adversarial_distillation/teacher.hpp>
#include <string>
#include <utility>

namespace retort::trainer_adversarial_distillation {

namespace {

/// Side by side.
void copy(std::span<const sdk::ConstMatrix> from, sdk::Matrix to) {
    for (std::size_t i = 0; i < from.size(); ++i)
        for (std::size_t row = 0; row < to.rows; ++row)
            std::ranges::copy(from[i].row(row), to.row(row).subspan(i * from[i].columns).begin());
}

std::vector<std::size_t> taps_of(std::span<const TeacherOutput> outputs) {
    std::vector<std::size_t> taps;
    for (const TeacherOutput &output : outputs)
        if (std::find(taps.begin(), taps.end(), output.tap) == taps.end())
            taps.push_back(output.tap);
    return taps;
}

std::unique_ptr<sdk::ModelPass> evaluating_pass(sdk::Model &model, std::span<const TeacherOutput> outputs,
                                                std::size_t rows, std::size_t tail_rows) {
    const std::vector<std::size_t> taps = taps_of(outputs);
    return model.make_pass({sdk::Mode::evaluate, rows, tail_rows, false, false, taps});
}

/// One tap of every member of a teacher.
void read_members(const sdk::ModelPass &pass, std::size_t tap, std::span<sdk::ConstMatrix> members) {
    for (std::size_t k = 0; k < members.size(); ++k)
        members[k] = pass.member_tap(k, tap);
}

} // namespace

std::size_t Teacher::want(TeacherOutput output) {
    output.members = output.members && model_.members() > 1; // of one, its tap is the teacher's
    const auto found = std::find(outputs_.begin(), outputs_.end(), output);
    const auto index = static_cast<std::size_t>(found - outputs_.begin());
    if (found == outputs_.end())
        outputs_.push_back(output);
    return index;
}

void Teacher::exchange(Teacher &other) noexcept {
    outputs_.swap(other.outputs_);
    cache_.swap(other.cache_);
}

void Teacher::fit(std::span<const TeacherOutput> heads, sdk::EpochBatches &batches, sdk::Services &services) {
    std::vector<TeacherOutput> unfitted;
    std::copy_if(heads.begin(), heads.end(), std::back_inserter(unfitted),
                 [](const TeacherOutput &output) { return output.head->needs_fit(); });
    while (!unfitted.empty()) {
        const sdk::Phase phase(services, "fit heads");
        const auto pass = evaluating_pass(model_, unfitted, batches.rows(), batches.tail_rows());
        std::vector<sdk::ConstMatrix> members(model_.members());
        for (std::uint64_t k = 0; k < batches.per_epoch(); ++k) {
            if (services.cancelled())
                return;
            pass->forward(batches.in_order(k), random_);
            for (const TeacherOutput &output : unfitted) {
                read_members(*pass, output.tap, members);
                output.head->fit(members);
            }
            services.progress("fitting the teacher's heads", k + 1, batches.per_epoch());
        }
        std::erase_if(unfitted, [](const TeacherOutput &output) { return !output.head->end_fit(); });
    }
}

void Teacher::cache(std::size_t limit, sdk::EpochBatches &batches, sdk::Services &services) {
    cache_.clear();
    if (outputs_.empty())
        return;
    if (const std::size_t wanted = bytes(batches.size()); wanted > limit) {
        services.info("the teacher's outputs would take " + std::to_string((wanted + 0xFFFFF) / 0x100000) +
                      " MiB, more than teacher_cache allows: the teacher runs on every batch");
        return;
    }
    const sdk::Phase phase(services, "cache teacher");
    TeacherPass pass(*this, batches.rows(), batches.tail_rows());
    std::vector<sdk::MatrixBuffer> filled;
    for (const TeacherOutput &output : outputs_)
        filled.emplace_back(batches.size(), count(output) * width(output));
    for (std::uint64_t k = 0; k < batches.per_epoch(); ++k) {
        if (services.cancelled())
            return;
        const sdk::Batch batch = batches.in_order(k);
        pass.run(batch, random_);
        for (std::size_t i = 0; i < filled.size(); ++i)
            copy(pass.matrices(i), filled[i].view().slice(k * batches.rows(), batch.inputs.rows));
        services.progress("caching the teacher's outputs", k + 1, batches.per_epoch());
    }
    cache_ = std::move(filled);
}

std::size_t Teacher::width(const TeacherOutput &output) const {
    return output.head == nullptr ? model_.taps()[output.tap].width : output.head->space().width;
}

std::size_t Teacher::count(const TeacherOutput &output) const {
    return output.members ? model_.members() : 1;
}

sdk::ConstMatrix Teacher::cached(std::size_t index) const {
    return cache_.empty() ? sdk::ConstMatrix{} : sdk::ConstMatrix(cache_[index].view());
}

std::size_t Teacher::bytes(std::size_t examples) const {
    std::size_t columns = 0;
    for (const TeacherOutput &output : outputs_)
        columns += count(output) * width(output);
    return examples * columns * sizeof(float);
}

TeacherPass::TeacherPass(const Teacher &teacher, std::size_t rows, std::size_t tail_rows)
    : teacher_(teacher), members_(teacher.model().members()) {
    const std::span<const TeacherOutput> outputs = teacher.outputs();
    const bool cached = !outputs.empty() && !teacher.cached(0).empty();
    if (!outputs.empty() && !cached)
        pass_ = evaluating_pass(teacher.model(), outputs, rows, tail_rows);
    for (const TeacherOutput &output : outputs) {
        Output &made = outputs_.emplace_back();
        made.what = output;
        made.results.resize(teacher.count(output));
        if (cached)
            made.rows = sdk::MatrixBuffer(rows, teacher.count(output) * teacher.width(output));
        else if (output.head != nullptr)
            made.head = output.head->make_pass({sdk::Mode::evaluate, rows, tail_rows, false, false, {}});
    }
}

void TeacherPass::run(const sdk::Batch &batch, sdk::Random random) {
    if (pass_)
        compute(batch, random);
    else
        look_up(batch.ids);
}

void TeacherPass::look_up(std::span<const std::uint64_t> ids) {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        const sdk::ConstMatrix all = teacher_.cached(i);
        const sdk::Matrix rows = outputs_[i].rows.view(ids.size());
        for (std::size_t row = 0; row < ids.size(); ++row)
            std::copy_n(all.row(ids[row]).begin(), all.columns, rows.row(row).begin());
        const std::size_t width = teacher_.width(outputs_[i].what);
        for (std::size_t k = 0; k < outputs_[i].results.size(); ++k)
            outputs_[i].results[k] = {rows.data + k * width, rows.rows, width, rows.stride};
    }
}

void TeacherPass::compute(const sdk::Batch &batch, sdk::Random random) {
    pass_->forward(batch, random);
    for (Output &output : outputs_) {
        if (output.head) {
            read_members(*pass_, output.what.tap, members_);
            output.head->forward(members_, batch);
            output.results[0] = output.head->distribution().parameters[0];
        } else if (output.what.members) {
            read_members(*pass_, output.what.tap, output.results);
        } else {
            output.results[0] = pass_->tap(output.what.tap);
        }
    }
}

} // namespace retort::trainer_adversarial_distillation
