// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/finding.hpp>

#include <boost/json/array.hpp>

#include <span>
#include <string>

namespace retort::host {

/// What the conformance kit found, for people: a table of every component's checks, then a paragraph for each failure.
[[nodiscard]] std::string check_table(std::span<const sdk::conformance::Finding> findings);

/// An array of objects: component, check, outcome, reason, settings, trials, seconds.
[[nodiscard]] boost::json::array check_json(std::span<const sdk::conformance::Finding> findings);

/// A JUnit report: a test suite for each component, a test case for each check.
[[nodiscard]] std::string check_junit(std::span<const sdk::conformance::Finding> findings);

} // namespace retort::host
