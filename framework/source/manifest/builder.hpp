// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/registry.hpp>
#include <retort/sdk/sdk.hpp>

#include <memory>
#include <string>

namespace retort::framework {

/// A `std::shared_ptr<const sdk::Builder<Role>>` for the role of `entry`, that makes components from `settings`
/// (made by the entry's factory, and read). `place` is their JSON pointer within the settings of the component that
/// builds them; the framework builds from the manifest itself.
///
/// Whatever a constructor throws leaves `build` as an sdk::Error that names the plugin; `place` stands before its
/// pointer, and before those of the problems that a constructor adds.
[[nodiscard]] std::shared_ptr<const void>
make_builder(const Entry &entry, std::shared_ptr<const sdk::AnySettings> settings, std::string place);

} // namespace retort::framework
