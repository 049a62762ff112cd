// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arguments.hpp"

#include <retort/framework/evaluate.hpp>

#include <vector>

namespace retort::host {

/// `arguments` of a command whose `target` is a run directory or a file of weights, with the manifest that describes
/// its model: the run's own, unless another was named. Errors: ErrorCode::data for a target that is not there,
/// ErrorCode::usage where there is no manifest.
[[nodiscard]] Arguments with_manifest(Arguments arguments);

/// The weights that `target` names: of a run directory all, or those of `model` alone. Errors: ErrorCode::data where
/// there are none.
[[nodiscard]] std::vector<framework::WeightsFile> weights_of(const Arguments &arguments, const framework::Plan &plan);

} // namespace retort::host
