// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <cstddef>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <span>
#include <string>

namespace retort::trainer_adversarial_distillation {

/// Reports each of `settings`, JSON pointers within a stage, that cannot change while it runs.
void check_changes(std::span<const std::string> settings, sdk::Problems &problems);

/// What of the adversary at `index` is made anew when those settings change.
[[nodiscard]] Renewal renewal_of(std::span<const std::string> settings, std::size_t index);

} // namespace retort::trainer_adversarial_distillation
