// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <plugins/trainers/supervised/settings.hpp>
#include <span>
#include <string>
#include <vector>

namespace retort::trainer_supervised {

/// Takes the weights of a model that is being trained into others of its shape: of K those after step
///   b + floor((i + 1) (n - b) / K),   i = 0, 1, ..., K - 1,
/// with n steps in the stage, of which the first b = floor(burn_in n) are the burn-in.
class Samples {
  public:
    /// None are taken.
    Samples() = default;

    /// Reports, below "/samples", models of another shape, a model that is named twice or is `model` itself (called
    /// `name`), and fewer steps after the burn-in than models.
    Samples(const SamplesSettings &settings, sdk::Model &model, const std::string &name, std::uint64_t steps,
            const sdk::TrainerContext &context);

    /// Of the models.
    [[nodiscard]] std::span<const std::string> names() const { return names_; }

    /// To be called after step `k`, counted from 0, once the parameters have changed.
    void take(std::uint64_t k);

  private:
    void add(const std::string &name, const std::string &trained, const std::string &pointer,
             const sdk::TrainerContext &context);
    [[nodiscard]] std::uint64_t step_of(std::size_t index) const;

    sdk::Model *model_ = nullptr;
    std::uint64_t burn_in_ = 0; ///< steps
    std::uint64_t steps_ = 0;
    std::vector<std::string> names_;
    std::vector<sdk::Model *> models_;
};

} // namespace retort::trainer_supervised
