// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "candidate.hpp"

#include <retort/framework/registry.hpp>

namespace retort::framework {

/// Opens the file of a candidate that was not refused and adds what it offers to the registry. What goes wrong is its
/// refusal, and then nothing was added.
void load(Registry &registry, Candidate &candidate);

} // namespace retort::framework
