// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stage_loop.hpp"

#include <retort/framework/plan.hpp>
#include <retort/framework/run.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// A plugin that a run used, as it was when the run began.
struct UsedPlugin {
    std::string name;
    std::string version;
    std::string file;   ///< the library, or the program that it is part of
    std::string sha256; ///< of the library when it was loaded, or of the program
};

/// The plugins of a plan's entries, each once, in order of first use. Reads their files.
[[nodiscard]] std::vector<UsedPlugin> used_plugins(const Plan &plan);

/// The processor, as the system names it; empty if it does not say.
[[nodiscard]] std::string processor_name();

/// Now in UTC: "2026-11-24T17:02:30Z".
[[nodiscard]] std::string time_text();

/// What `result.json` says.
struct Result {
    std::uint64_t seed = 0;
    std::size_t replicas = 1;
    std::size_t threads = 0; ///< of each
    std::string started;     ///< `time_text` of then
    double seconds = 0.0;
    std::span<const UsedPlugin> plugins;
    std::span<const StageRecord> stages;
    std::span<const Report> reports;
    std::span<const std::string> files;
};

/// A stage as it stands in `result.json`, and back; without the values of its weights.
[[nodiscard]] boost::json::object record_to_json(const StageRecord &stage);
[[nodiscard]] StageRecord record_from_json(const boost::json::object &json);

[[nodiscard]] boost::json::object result_json(const Result &result);

/// The reports as a table, `report.csv`: a header, then a row a report, with the names of `report_json`, `auroc.DATA` a
/// column. Cells are empty where that says null or nothing.
[[nodiscard]] std::string report_csv(std::span<const Report> reports);

} // namespace retort::framework
