// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>
#include <retort/sdk/sdk.hpp>

#include <memory>
#include <string>

namespace retort::framework {

/// A `std::shared_ptr<const sdk::Builder<Role>>` for the role of `entry`, that makes components from `settings`
/// (made by the entry's factory, and read). `pointer` is where they stand in the manifest.
///
/// Whatever a constructor throws leaves `build` as a framework Error with absolute pointer and plugin; a component
/// built inside another's constructor keeps its own. Problems that a constructor adds reach the caller's Problems with
/// absolute pointers too.
[[nodiscard]] std::shared_ptr<const void>
make_builder(const Entry &entry, std::shared_ptr<const sdk::AnySettings> settings, std::string pointer);

} // namespace retort::framework
