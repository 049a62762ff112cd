// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../components/components.hpp"

#include <retort/framework/evaluate.hpp>

#include <string_view>

namespace retort::framework {

/// The model `name`, which the plan has.
[[nodiscard]] const PlannedModel &planned_model(const Plan &plan, std::string_view name);

/// Gives a model the weights of a file. `file` of a model that is made of others is the folder of a run's weights,
/// where each of those has its own: the last, or those that were loaded. Errors: ErrorCode::data.
void read_weights(const Plan &plan, Components &components, const WeightsFile &file);

} // namespace retort::framework
