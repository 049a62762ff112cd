// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/roles/model.hpp>

#include <cstdint>
#include <span>

namespace retort::framework {

/// What the logits of an example say besides the probabilities.
struct ExamplePrediction {
    std::int32_t label; ///< most probable class, the first of equals
    float entropy;      ///< in nats; no finite number exactly if not all logits are finite
};

/// Writes softmax(x)_c = exp(x_c - max x) / sum_k exp(x_k - max x) of the logits x into `probabilities`.
ExamplePrediction predict_example(std::span<const float> logits, std::span<float> probabilities);

/// The probabilities of the classes, softmax of the logits without noise, [inputs.rows, classes].
/// `inputs` [rows, width of the model's dataset].
[[nodiscard]] sdk::MatrixBuffer class_probabilities(sdk::Model &model, sdk::ConstMatrix inputs);

} // namespace retort::framework
