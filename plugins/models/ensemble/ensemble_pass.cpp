// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <plugins/models/ensemble/ensemble_pass.hpp>
#include <string>
#include <utility>

namespace retort::model_ensemble {

namespace {

std::size_t count(const std::vector<MemberPass> &passes) {
    return std::accumulate(passes.begin(), passes.end(), std::size_t{0},
                           [](std::size_t sum, const MemberPass &pass) { return sum + pass.members; });
}

} // namespace

EnsemblePass::EnsemblePass(std::vector<MemberPass> passes, std::span<const sdk::Tap> taps, const sdk::PassSpec &spec,
                           sdk::Random random, sdk::Services &services)
    : passes_(std::move(passes)), logits_(taps.size() - 1), random_(random), members_(count(passes_)),
      mixture_(services, members_.size(), spec.rows) {
    for (const std::size_t tap : spec.taps)
        together_.push_back({tap, sdk::MatrixBuffer(spec.rows, taps[tap].width)});
}

void EnsemblePass::forward(const sdk::Batch &batch, sdk::Random random) {
    const sdk::Random draws = random_.at(random.key);
    for (std::size_t i = 0; i < passes_.size(); ++i)
        passes_[i].pass->forward(batch, draws.at(i));
    rows_ = batch.inputs.rows;
    for (const Together &all : together_) {
        for (std::size_t k = 0; k < members_.size(); ++k)
            members_[k] = member_tap(k, all.tap);
        const sdk::Matrix result = all.values.view(rows_);
        if (all.tap == logits_)
            mixture_.mix(members_, result);
        else
            mixture_.average(members_, result);
    }
}

sdk::ConstMatrix EnsemblePass::tap(std::size_t index) const {
    const auto found =
        std::find_if(together_.begin(), together_.end(), [&](const Together &all) { return all.tap == index; });
    if (found == together_.end())
        throw sdk::Error(sdk::ErrorKind::plugin,
                         "tap " + std::to_string(index) + " is not among those that the pass was made for");
    return found->values.view(rows_);
}

sdk::ConstMatrix EnsemblePass::member_tap(std::size_t member, std::size_t index) const {
    for (const MemberPass &pass : passes_) {
        if (member < pass.members)
            return pass.pass->member_tap(member, index);
        member -= pass.members;
    }
    throw sdk::Error(sdk::ErrorKind::plugin, "there are no more than " + std::to_string(members_.size()) + " members");
}

void EnsemblePass::backward(std::span<const sdk::TapGradient>, sdk::Write) {
    throw sdk::Error(sdk::ErrorKind::plugin, "an ensemble has no gradients; train its members by themselves");
}

} // namespace retort::model_ensemble
