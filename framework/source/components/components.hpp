// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../support/guard.hpp"
#include "training_view.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// A component with what errors say of it.
template <class Role> struct Built {
    std::string name;
    Origin origin;
    std::unique_ptr<Role> component; ///< null while construction goes on: it could not be built; or no longer needed
};

/// Names of all models whose weights `trainer` writes, that of `trains` first.
[[nodiscard]] std::vector<std::string> trained_models(const sdk::Trainer &trainer);

/// Everything that a plan names, built: datasets, then models for their datasets, each after those that it is made of,
/// then trainers, then observers.
class Components final : public sdk::Parts {
  public:
    /// `directory`: of the run, for observers. `plan` and `services` must outlive this. Errors: every mistake of every
    /// component; what depends on a component that could not be built is left out.
    Components(const Plan &plan, sdk::Services &services, const std::string &directory);

    [[nodiscard]] sdk::Model &model(std::string_view name) override;
    [[nodiscard]] const sdk::Dataset &dataset(std::string_view name) override;
    [[nodiscard]] sdk::Random dataset_random(std::string_view name) override;

    /// The whole dataset, its test split included. Errors: sdk::Error (ErrorKind::plugin) for an unknown name.
    [[nodiscard]] const sdk::Dataset &whole_dataset(std::string_view name);

    /// The same with its origin. Errors: likewise.
    [[nodiscard]] const Built<sdk::Dataset> &built_dataset(std::string_view name);

    /// As Run::predict.
    [[nodiscard]] sdk::MatrixBuffer predict(std::string_view model, sdk::ConstMatrix inputs);

    [[nodiscard]] const Origin &model_origin(std::string_view name);

    /// A trainer for `stage` as a change leaves it. Errors: every mistake, though none is left after the checks of the
    /// constructor.
    [[nodiscard]] Built<sdk::Trainer> make_trainer(const Planned<sdk::Trainer> &planned, const std::string &stage);

    /// The stream of what a change after `epoch` makes anew in a stage.
    [[nodiscard]] sdk::Random change_random(const std::string &stage, std::uint64_t epoch) const {
        return random_.at("stages").at(stage).at("changes").at(epoch);
    }

    /// Whether `running`, the trainer of a stage, can make its changes from `first` on. The constructor did that for
    /// those of the plan. Errors: every mistake.
    void check_changes(const PlannedStage &stage, std::size_t first, const sdk::Trainer &running);

    /// Reads all data.
    void load_data();

    /// Gives every model its initial values, from its stream or its file.
    void initialise_models();

    std::vector<Built<sdk::Dataset>> datasets;
    std::vector<Built<sdk::Model>> models;
    std::vector<Built<sdk::Trainer>> trainers;
    std::vector<Built<sdk::Observer>> observers;

  private:
    const Plan &plan_;
    sdk::Services &services_;
    sdk::Random random_;
    std::vector<std::unique_ptr<TrainingView>> views_; ///< of `datasets`, index for index
};

} // namespace retort::framework
