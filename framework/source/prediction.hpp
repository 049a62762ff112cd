// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/roles/model.hpp>

namespace retort::framework {

/// The probabilities of the classes, softmax of the logits without noise, [inputs.rows, classes].
/// `inputs` [rows, width of the model's dataset].
[[nodiscard]] sdk::MatrixBuffer class_probabilities(sdk::Model &model, sdk::ConstMatrix inputs);

} // namespace retort::framework
