// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "changes.hpp"

#include <retort/framework/plan.hpp>
#include <retort/framework/registry.hpp>

#include <vector>

namespace retort::framework {

/// As `read_plan`, but only for what the manifest asks for from the start: of "changes" no more than their form is
/// checked, and they are handed out in `changes`.
[[nodiscard]] Plan read_beginning(const Manifest &manifest, const Registry &registry,
                                  std::vector<ChangeSettings> &changes);

/// Gives the stages of a plan their changes: each set is assigned to the manifest as the earlier changes of the same
/// stage left it, and read again. In the resolved manifest they name what they change, with every default filled in.
/// Errors: every mistake, at "/changes/N/set" and the pointer of what that makes of the manifest.
void plan_changes(Plan &plan, const std::vector<ChangeSettings> &changes, const Registry &registry);

} // namespace retort::framework
