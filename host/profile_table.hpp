// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/profile.hpp>

#include <boost/json/array.hpp>

#include <span>
#include <string>

namespace retort::host {

/// The profile for people: a row for each phase, those within another one indented below it.
[[nodiscard]] std::string profile_table(std::span<const framework::ProfiledPhase> phases);

/// The same for programs: an object for each phase.
[[nodiscard]] boost::json::array profile_json(std::span<const framework::ProfiledPhase> phases);

} // namespace retort::host
