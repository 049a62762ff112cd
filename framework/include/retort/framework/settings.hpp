// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/registry.hpp>

#include <boost/json/object.hpp>

#include <memory>
#include <vector>

namespace retort::framework {

/// Settings of one component as a manifest would give them, and every mistake in them, at pointers below the
/// component's own settings.
struct ComponentSettings {
    std::unique_ptr<sdk::AnySettings> settings; ///< with defaults where something is left out or wrong
    std::vector<Problem> problems;
};

/// Reads `object` as the settings of a component of `entry`; components in it are looked up in `registry`, models and
/// datasets may have any name. What is returned must not outlive the registry. Errors: ErrorCode::plugin when the
/// plugin throws.
[[nodiscard]] ComponentSettings read_settings(const Registry &registry, const Entry &entry,
                                              const boost::json::object &object);

} // namespace retort::framework
