// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

#include <span>
#include <string>
#include <string_view>

namespace retort::host {

/// The final report for people: a row for each set of weights; then, if there are any, the numbers of scaled logits and
/// what tells other data apart.
[[nodiscard]] std::string report_table(std::span<const framework::Report> reports, std::string_view split = "test");

} // namespace retort::host
