// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace retort::framework {

/// Shows the members of a schedule as settings. `range` bounds its values: where 0 lies outside, there is no warm-up.
void visit_schedule(sdk::Schedule &schedule, const sdk::Range &range, sdk::Fields &fields);

/// A schedule as it may stand in a manifest: a number if it is constant, else an object of
/// the members that count.
[[nodiscard]] boost::json::value schedule_value(const sdk::Schedule &schedule);

/// Whether a schedule that ends at its final value ends where its setting may not be.
[[nodiscard]] bool ends_outside(const sdk::Schedule &schedule, const sdk::Range &range);

/// What is wrong with the factor of a schedule of steps, if it leads out of its setting's range before the end of a
/// stage, be that as long as it may; empty: nothing.
[[nodiscard]] std::string factor_mistake(const sdk::Schedule &schedule, const sdk::Range &range);

} // namespace retort::framework
