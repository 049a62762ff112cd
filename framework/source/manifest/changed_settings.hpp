// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plan.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// What differs between two values of resolved settings, which stand at `path` in the manifest; in order. Objects of
/// equal keys are compared member by member, lists of as many records element by element, all else as a whole. Where
/// the types of a component differ, its "type" stands for all of it.
[[nodiscard]] std::vector<ChangedSetting> changed_settings(const boost::json::value &before,
                                                           const boost::json::value &after, const std::string &path);

/// What has to be set for those settings to change, by path. `after`: all of the resolved settings. For a type, the
/// whole component, unless the type is only set anew.
[[nodiscard]] boost::json::object assignments_for(std::span<const ChangedSetting> settings,
                                                  const boost::json::value &after);

} // namespace retort::framework
