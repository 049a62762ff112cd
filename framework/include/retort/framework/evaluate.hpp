// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/run.hpp>

#include <boost/json/object.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// A model's weights in a safetensors file, and what a run called them: "last", "selected", "loaded". For a model that
/// is made of others, the folder of the run's weights, "last".
struct WeightsFile {
    std::string model;
    std::string weights;
    std::filesystem::path file;
};

/// The weights in a run directory, of the models of its plan, in the order of a final report.
[[nodiscard]] std::vector<WeightsFile> weights_in(const std::filesystem::path &run, const Plan &plan);

struct EvaluateOptions {
    std::string data; ///< dataset of the manifest to evaluate on; empty: each model's own
    sdk::Split split = sdk::Split::test;
    LogSink log = {}; ///< may be empty
};

/// Evaluates each of `files` as the final report of a run does: with the same plan, the same numbers. Nothing is
/// trained or written. Errors: ErrorCode::usage for an unknown model or dataset, or an empty split; ErrorCode::data for
/// weights that do not fit.
[[nodiscard]] std::vector<Report> evaluate(const Plan &plan, std::span<const WeightsFile> files,
                                           const EvaluateOptions &options);

/// A report as it stands in result.json.
[[nodiscard]] boost::json::object report_json(const Report &report);

} // namespace retort::framework
