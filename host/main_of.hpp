// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/plugin.hpp>

#include <span>

namespace retort::host {

/// The `retort` command with these words, for a `main`. `linked`: plugins that are part of the program, which must
/// outlive the call; they come before those of the search path. Returns the exit code.
[[nodiscard]] int main_of(int count, char **values, std::span<const sdk::Plugin *const> linked = {});

} // namespace retort::host
