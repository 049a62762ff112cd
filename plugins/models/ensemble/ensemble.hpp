// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace retort::model_ensemble {

/// Other models of the manifest as one: their predictive distribution is the mean of the members' softmaxes, and heads
/// see each member (Lakshminarayanan et al. 2017). With `draws` each model is drawn so often with its dropout on, and
/// each draw is a member (Monte Carlo dropout, Gal and Ghahramani 2016). A model that is itself an ensemble brings all
/// of its members.
///
/// Members come model by model, of each its draws one after the other. What is drawn for row r follows from the seed,
/// the stream that `forward` is given, the draw, and the row's place in its batch: the same in every mode.
class Ensemble final : public sdk::Model {
  public:
    struct Settings {
        std::vector<sdk::Reference<sdk::Model>> members;
        std::uint64_t draws = 0;

        void fields(sdk::Fields &fields);
    };

    /// Throws sdk::Error where there are no members, their taps differ, or one has no noise to draw.
    Ensemble(const Settings &settings, const sdk::ModelContext &context);

    [[nodiscard]] std::span<const sdk::Tap> taps() const override { return models_.front()->taps(); }

    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override;

    [[nodiscard]] std::size_t members() const override { return members_; }

    [[nodiscard]] bool has_noise() const override;
    [[nodiscard]] bool answers(sdk::Split split) const override;
    [[nodiscard]] bool by_id() const override;

  private:
    void add(const std::string &name, const std::string &first_name, const std::string &pointer,
             const sdk::ModelContext &context);

    std::uint64_t draws_; ///< 0: none, the models run without noise
    sdk::Random random_;
    sdk::Services &services_;
    std::vector<sdk::Model *> models_;
    std::size_t members_ = 0;
};

} // namespace retort::model_ensemble
