// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/model.hpp>

#include <cstddef>
#include <memory>
#include <plugins/models/ensemble/mixture.hpp>
#include <span>
#include <vector>

namespace retort::model_ensemble {

/// A pass of one draw of a model, which brings so many members.
struct MemberPass {
    std::unique_ptr<sdk::ModelPass> pass;
    std::size_t members;
};

/// All members on one batch. A hidden tap of all together is their mean.
class EnsemblePass final : public sdk::ModelPass {
  public:
    /// `taps`: of every member. `random`: the ensemble's own. `services` must outlive the pass.
    EnsemblePass(std::vector<MemberPass> passes, std::span<const sdk::Tap> taps, const sdk::PassSpec &spec,
                 sdk::Random random, sdk::Services &services);

    void forward(const sdk::Batch &batch, sdk::Random random) override;

    [[nodiscard]] sdk::ConstMatrix tap(std::size_t index) const override;
    [[nodiscard]] sdk::ConstMatrix member_tap(std::size_t member, std::size_t index) const override;

    /// Throws: there are no gradients.
    void backward(std::span<const sdk::TapGradient> gradients, sdk::Write write) override;

  private:
    struct Together {
        std::size_t tap;
        sdk::MatrixBuffer values;
    };

    std::vector<MemberPass> passes_;
    std::size_t logits_;
    sdk::Random random_;
    std::vector<Together> together_; ///< of each tap that will be read
    std::vector<sdk::ConstMatrix> members_;
    Mixture mixture_;
    std::size_t rows_ = 0; ///< of the last forward
};

} // namespace retort::model_ensemble
