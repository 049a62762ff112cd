// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../components/components.hpp"

#include <retort/framework/run.hpp>
#include <retort/sdk/matrix.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace retort::framework {

/// Name of the dataset that `model`, one of the plan's, was built for.
[[nodiscard]] const std::string &data_of(const Plan &plan, std::string_view model);

/// Hears what a model makes of a batch of examples, and their labels. Views are valid during the call.
using BatchListener = std::function<void(sdk::ConstMatrix logits, std::span<const std::int32_t> labels)>;

/// Fills in what `report.model`, as it is now, does on a split of `report.data`. The temperature is fitted before, on
/// the validation data of the model's own dataset, `listener`, which may be empty, is told of every batch in order, and
/// then come the datasets of `plan.report.out_of_distribution`: that split of them, but of `report.data`, and where it
/// holds nothing; a model that goes by examples' numbers cannot be asked for them. Each split is read once.
void measure(Report &report, const Plan &plan, Components &components, sdk::Split split,
             const BatchListener &listener = {});

} // namespace retort::framework
