// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>

namespace retort::test {

/// A registry of components that compute nothing, for manifests that need no real plugin. Their constructors throw
/// what `optimizer faulty` is told to; `model network` and `discriminator deep` report problems of their own.
///
///     dataset        table {directory (required), validation}
///     model          network {hidden, dropout, activation, bias}, other {depth}
///     head           point, random_projection {width}
///     discriminator  deep {hidden, noise}, paired {hidden, dropout}
///     objective      game
///     loss           entropy, soft {temperature}
///     optimizer      moments {learning_rate, decay}, faulty {throws}
///     trainer        teach {model, data, epochs, optimizer}, distil {teacher, student, data, ...}
///     observer       rows {file, columns}
///     plugin faults  trainer clashing {name}
[[nodiscard]] framework::Registry fake_registry();

} // namespace retort::test
