// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../components/components.hpp"
#include "../components/services.hpp"
#include "../support/run_log.hpp"

#include <retort/framework/predictor.hpp>
#include <retort/sdk/arena.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace retort::framework {

/// A model of a plan and its dataset, built without anything else of the plan but the models that it is made of, with
/// weights from files.
class LoadedModel {
  public:
    LoadedModel(const Plan &plan, const WeightsFile &weights, LogSink log);

    [[nodiscard]] const sdk::Dataset &dataset() const { return *components_.datasets.front().component; }

    [[nodiscard]] const Origin &dataset_origin() const { return components_.datasets.front().origin; }

    [[nodiscard]] std::size_t classes() const { return classes_; }

    [[nodiscard]] RunServices &services() { return services_; }

    /// Makes ready to predict `rows` examples at a time, or `tail_rows` of them.
    void prepare(std::size_t rows, std::size_t tail_rows);

    /// As Predictor::predict; `first`: number of the first row's example, from which noise follows where members are
    /// draws.
    [[nodiscard]] Predictions predict(sdk::ConstMatrix inputs, std::uint64_t first = 0);

  private:
    [[nodiscard]] sdk::Model &model() { return components_.model(name_); }

    [[nodiscard]] const Origin &origin() { return components_.model_origin(name_); }

    void check_width(sdk::ConstMatrix inputs);

    std::string name_;
    Plan plan_;
    RunLog log_;
    RunServices services_;
    Components components_;
    std::size_t logits_; ///< the tap
    std::size_t classes_;
    std::unique_ptr<sdk::ModelPass> pass_;
    std::size_t rows_ = 0; ///< what the pass was made for
    std::size_t tail_rows_ = 0;
    sdk::MatrixBuffer probabilities_; ///< of the last call
    std::vector<std::int32_t> labels_;
    std::vector<float> entropies_;
};

} // namespace retort::framework
