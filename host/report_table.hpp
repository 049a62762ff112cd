// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

#include <span>
#include <string>

namespace retort::host {

/// The final report for people: a row for each set of weights.
[[nodiscard]] std::string report_table(std::span<const framework::Report> reports);

} // namespace retort::host
